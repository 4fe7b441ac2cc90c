"""K2 by hand: hours until nothing is missing."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def test_hours_from_the_end_to_a_complete_record():
    rows = [
        {"batch_id": "B1", "ended_us": day(0), "completeness_us": day(2)},
        {"batch_id": "B2", "ended_us": day(0), "completeness_us": day(3)},
        {"batch_id": "B3", "ended_us": day(0)},
        {"batch_id": "B4", "ended_us": day(0), "submitted_us": day(1)},
        {"batch_id": "B5"},
        {"batch_id": "B6", "completeness_us": day(1)},
        {"batch_id": "B7", "aborted_us": day(1)},
    ]
    found = evaluate(definition("K2"), facts(batch=rows))
    assert (found.value, found.n, found.open, found.coverage) == (60, 2, 1, 0.5)
    assert dict(found.excluded) == {
        "no check of completeness recorded": 1,
        "manufacture has not ended": 1,
        "no end of manufacture recorded": 1,
        "aborted": 1,
    }
