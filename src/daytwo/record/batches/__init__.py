"""The electronic batch record: orders, steps, enforcement, genealogy."""
