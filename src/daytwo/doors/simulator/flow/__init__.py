"""What happens in the plant, as SimPy processes that queue for people and machines."""
