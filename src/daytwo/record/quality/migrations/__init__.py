"""Schema history of the quality rows."""
