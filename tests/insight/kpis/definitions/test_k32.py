"""K32 by hand: two batches, and one that says nothing."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts

BATCHES = [
    {"batch_id": "B1", "ended_us": day(1), "steps": 40, "entries": 80, "signatures": 50},
    {"batch_id": "B2", "ended_us": day(1), "steps": 10, "entries": 20, "signatures": 30},
    {"batch_id": "B3", "ended_us": day(1)},
    {"batch_id": "B4"},
]


def test_late_entries_by_entries():
    rows = [BATCHES[0] | {"late_entries": 7}, *BATCHES[1:]]
    found = evaluate(definition("K32"), facts(batch=rows))
    assert (found.value, found.numerator, found.denominator) == (pytest.approx(7), 7, 100)
    assert dict(found.excluded) == {"no entry on record": 1, "manufacture has not ended": 1}
