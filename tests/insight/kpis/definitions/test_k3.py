"""K3 by hand: active minutes of quality's sessions, added up for each batch."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def session(batch, minutes, number=1, function="quality"):
    made = {"batch_id": batch, "number": number, "reviewer": "quinn"}
    return made | {"active_min": minutes, "function": function}


def test_sessions_of_quality_add_up():
    batches = [
        {"batch_id": f"B{i}", "ended_us": day(0), "decided_us": day(5), "decision": "released"}
        for i in range(3)
    ]
    sessions = [
        session("B0", 90.0),
        session("B0", 30.0, number=2),
        session("B1", 240.0),
        session("B1", 500.0, function="production"),
        session("B2", None),
    ]
    found = evaluate(definition("K3"), facts(batch=batches, review=sessions))
    assert (found.value, found.n, found.coverage) == (3, 2, 2 / 3)
