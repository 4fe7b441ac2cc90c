"""Detectors: one file each under `detectors`, found by folder, tested by one contract suite."""
