"""The start: where a person's work begins."""
