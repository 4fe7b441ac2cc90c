"""A simulated plant with known truth: it writes what the systems of a real site would export."""
