"""Decision support that reads facts and never writes the record by itself."""
