"""K15 by hand: human error among closed deviations."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def test_human_error_in_any_spelling_and_none_assigned():
    categories = ["human_error", "Human error", "equipment", None, "human_error"]
    rows = [
        {"deviation_id": f"D{i}", "category": c, "closed_us": day(1) if i < 4 else None}
        for i, c in enumerate(categories)
    ]
    found = evaluate(definition("K15"), facts(deviation=rows))
    assert (found.value, found.n, found.open) == (50, 4, 1)
