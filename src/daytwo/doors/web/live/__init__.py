"""Live batches: where each is, what it waits for."""
