"""The audit trail: who, what, when and why, searched and sorted."""
