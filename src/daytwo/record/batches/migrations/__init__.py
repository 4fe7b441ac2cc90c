"""Schema history of the batches rows."""
