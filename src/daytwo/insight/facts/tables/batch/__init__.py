"""The batch fact: one batch from its order to its disposition, with what happened to it."""

from daytwo.insight.facts.tables.batch.declared import FACT

__all__ = ["FACT"]
