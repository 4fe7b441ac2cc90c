"""KPI definitions, one file each, and the evaluator."""
