"""The figures that make a plant, each with its unit, its range and where it comes from."""
