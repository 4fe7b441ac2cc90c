"""Baselines and targets: frozen and set by signed acts, and made again from their snapshot."""
