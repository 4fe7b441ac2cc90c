"""Schema history of the laboratory rows."""
