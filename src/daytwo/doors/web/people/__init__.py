"""People and rights."""
