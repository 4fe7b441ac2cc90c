"""Metrics of the system itself: how it answers, how far its figures are; no person in them."""
