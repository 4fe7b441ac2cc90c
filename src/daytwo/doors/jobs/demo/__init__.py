"""The demonstration site: simulated people execute batches through the real commands."""
