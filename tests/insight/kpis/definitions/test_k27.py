"""K27 by hand: versions sent back, and those that passed at once."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def test_returns_per_version_and_first_pass():
    rows = [
        {"mbr_id": "M", "version": v, "submitted_us": day(1), "approved_us": day(9), "returned": n}
        for v, n in enumerate((0, 2, 0, 1))
    ]
    rows += [{"mbr_id": "N", "version": 1, "submitted_us": day(1)}, {"mbr_id": "O", "version": 1}]
    found = facts(mbr_change=rows)
    returned, first = (evaluate(definition(kpi), found) for kpi in ("K27", "K27first"))
    assert (returned.value, returned.n, returned.open) == (0.75, 4, 1)
    assert (first.value, dict(first.excluded)) == (50, {"not submitted": 1})
