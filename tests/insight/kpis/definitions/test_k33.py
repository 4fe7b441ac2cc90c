"""K33 by hand: two batches, and one that says nothing."""

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


def test_signatures_per_batch_and_those_on_automated_steps():
    rows = [BATCHES[0] | {"automated_signatures": 8}, *BATCHES[1:]]
    found = facts(batch=rows)
    assert evaluate(definition("K33"), found).value == 40
    assert evaluate(definition("K33automated"), found).value == pytest.approx(10)
