"""Completeness, review by exception and disposition."""
