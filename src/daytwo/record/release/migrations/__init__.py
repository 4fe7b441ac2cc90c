"""Schema history of the release rows."""
