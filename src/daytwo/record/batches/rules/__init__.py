"""Rules of execution: states, entries, discrepancies; predicates over values."""
