"""KPIs: value, n, coverage, interval, definition, and down to the events."""
