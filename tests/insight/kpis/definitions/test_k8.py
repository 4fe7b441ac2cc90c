"""K8 by hand: errors of documentation for each thousand entries, and for each batch."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts

BATCHES = [
    {
        "batch_id": "B1",
        "ended_us": day(1),
        "entries": 100,
        "late_entries": 2,
        "na_entries": 1,
        "corrections_after": 3,
        "corrections_before": 40,
    },
    {"batch_id": "B2", "ended_us": day(1), "entries": 300},
    {"batch_id": "B3", "ended_us": day(1), "entries": 0},
]
MISSING = [
    {"discrepancy_id": f"D{i}", "batch_id": "B2", "code": code}
    for i, code in enumerate(("missing", "missing", "alert_limit"))
]


@pytest.mark.parametrize(("kpi", "value"), [("K8", 20), ("K8batch", 4)])
def test_late_missing_corrected_and_skipped_add_up(kpi, value):
    found = evaluate(definition(kpi), facts(batch=BATCHES, discrepancy=MISSING))
    assert (found.value, found.numerator, found.n) == (pytest.approx(value), 8, 2)
    assert dict(found.excluded) == {"no entry on record": 1}
