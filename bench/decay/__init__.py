"""How well the rule of decay since go-live finds what simulated plants truly did."""
