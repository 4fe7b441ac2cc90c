"""K20 by hand: a day of tolerance at both ends."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def order(name, started, ended, planned_end=5, **more):
    made = {"batch_id": name, "planned_start_us": day(1), "planned_end_us": day(planned_end)}
    made |= {"started_us": day(started) if started is not None else None}
    return made | {"ended_us": day(ended) if ended is not None else None} | more


def test_start_and_end_must_both_be_near_the_plan():
    rows = [
        order("B1", 1.9, 4.1),
        order("B2", 2, 6),
        order("B3", 2.1, 5),
        order("B4", 1, 6.1),
        order("B5", 1, None),
        order("B6", None, None, aborted_us=day(2)),
        order("B7", 1, None, planned_end=181),
        order("B8", 1, 5, planned_start_us=None),
    ]
    found = evaluate(definition("K20"), facts(batch=rows))
    assert (found.numerator, found.denominator, found.open) == (2, 6, 1)
    assert dict(found.excluded) == {"no plan on record": 1}
