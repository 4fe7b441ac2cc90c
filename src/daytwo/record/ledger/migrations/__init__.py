"""Schema history of the ledger rows."""
