"""Drills: what is done to a running site on purpose, and what must still be true afterwards."""
