"""Schema history of the resources rows."""
