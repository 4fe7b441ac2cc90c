"""Deviation trends: how many, of what kind, which come back, how long they take, which are open."""
