"""Productivity of teams of five or more: work against attendance, touch time, batches by work."""
