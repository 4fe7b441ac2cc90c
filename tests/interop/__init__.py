"""Other programs read what we write: run by `make interop`, never by `make test`."""
