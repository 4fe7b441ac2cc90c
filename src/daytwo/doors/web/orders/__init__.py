"""Orders: what runs next, what blocks it."""
