"""People, roles, the role x action matrix and the signature ceremony."""
