"""The engine port: one Ibis expression over the facts, run by DuckDB, PostgreSQL or Spark."""

from daytwo.insight.facts.engine.port import Engine, Period, table

__all__ = ["Engine", "Period", "table"]
