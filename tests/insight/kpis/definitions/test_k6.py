"""K6 by hand: exceptions of a batch, and those that needed nothing."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def test_exceptions_per_batch():
    rows = [
        {"batch_id": f"B{n}", "ended_us": day(n), "steps": 9, "discrepancies": n} for n in (1, 2, 6)
    ]
    rows.append({"batch_id": "B9", "ended_us": day(1), "discrepancies": 50})
    found = evaluate(definition("K6"), facts(batch=rows))
    assert (found.value, found.n) == (3, 3)
    assert dict(found.excluded) == {"no step on record": 1}
    assert found.interval is not None
    assert found.interval[0] < 3 < found.interval[1]


def test_nuisance_is_what_needed_a_comment_only():
    routes = ["comment", "comment", "exception", "deviation", None, None]
    rows = [
        {
            "discrepancy_id": f"D{i}",
            "route": route,
            "raised_us": day(0),
            "closed_us": day(2) if i < 5 else None,
        }
        for i, route in enumerate(routes)
    ]
    found = evaluate(definition("K6nuisance"), facts(discrepancy=rows))
    assert (found.value, found.n, found.open, found.coverage) == (50, 4, 1, 0.8)
