"""Tables of governance."""
