"""K29 by hand: steps captured by their interface where they have one."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def step(number, method, **more):
    made = {"batch_id": "B1", "step_id": f"S{number}", "method": method, "entries": 1}
    return made | {"completed_us": day(1)} | more


def test_by_hand_counts_only_where_there_is_an_interface():
    rows = [
        step(1, "device"),
        step(2, "interface"),
        step(3, "manual_interface_down", instead=True),
        step(4, "interface", instead=True),
        step(5, "manual"),
        step(6, None, entries=0),
        step(7, None),
        step(8, "device", completed_us=None),
    ]
    found = evaluate(definition("K29"), facts(step=rows))
    assert (found.value, found.n, found.coverage) == (50, 4, 0.8)
    assert len(found.excluded) == 4
