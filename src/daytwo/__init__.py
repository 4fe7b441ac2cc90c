"""daytwo: an electronic batch record that proves what happened, and the insight built upon it."""

__version__ = "0.1.0"
