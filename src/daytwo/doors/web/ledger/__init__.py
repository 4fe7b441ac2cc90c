"""The ledger: streams, checkpoints, verification."""
