"""K31 by hand: two batches, and one that says nothing."""

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


@pytest.mark.parametrize(("kpi", "value"), [("K31", 10), ("K31batch", 50)])
def test_paper_by_steps_and_by_batches(kpi, value):
    rows = [BATCHES[0] | {"paper_steps": 5}, *BATCHES[1:]]
    found = evaluate(definition(kpi), facts(batch=rows))
    assert (found.value, found.n) == (pytest.approx(value), 2)
    assert dict(found.excluded) == {"no step on record": 1, "manufacture has not ended": 1}
