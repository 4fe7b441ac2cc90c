"""What the plant is before anything happens: calendar, people, machines, recipes, materials."""
