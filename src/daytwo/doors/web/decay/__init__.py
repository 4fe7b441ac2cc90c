"""Decay since go-live: workarounds, late entries, paper and signatures by month."""
