"""K30 by hand: two batches, and one that says nothing."""

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


def test_steps_with_a_workaround_by_steps():
    rows = [BATCHES[0] | {"workarounds": 4}, BATCHES[1] | {"workarounds": 6}, *BATCHES[2:]]
    found = evaluate(definition("K30"), facts(batch=rows))
    assert (found.value, found.n, found.coverage) == (pytest.approx(20), 2, pytest.approx(2 / 3))
    assert found.interval is not None
    assert found.interval[0] == 0  # two unlike batches say little
