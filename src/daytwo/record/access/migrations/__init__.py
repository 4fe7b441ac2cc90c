"""Schema history of the access rows."""
