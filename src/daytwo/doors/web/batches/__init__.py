"""Batches, executed here or imported: the list, and one with everything known of it."""
