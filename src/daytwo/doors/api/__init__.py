"""Programs: the HTTP interface over the same commands and queries."""
