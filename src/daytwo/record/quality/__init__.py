"""Discrepancies, their classification, deviations."""
