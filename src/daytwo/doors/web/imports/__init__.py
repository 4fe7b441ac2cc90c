"""Imports and what became of every row."""
