"""K9 by hand: deviations opened, or closed, against batches manufactured."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate, groups
from tests.insight.kpis.plant import day, facts

TWENTY = [
    {"batch_id": f"B{i}", "ended_us": day(i), "product_code": "P" if i < 15 else "Q"}
    for i in range(20)
]


def deviation(name, recorded, closed=None, **more):
    made = {"deviation_id": name, "recorded_us": recorded, "closed_us": closed}
    return made | {"product_code": "P"} | more


def test_no_deviation_in_twenty_batches_is_not_zero_for_sure():
    found = evaluate(definition("K9"), facts(batch=TWENTY))
    assert (found.value, found.n) == (0, 20)
    assert found.interval is not None
    assert found.interval[0] == 0
    assert found.interval[1] == pytest.approx(18.44, abs=0.01)


def test_opened_and_closed_differ_by_the_backlog():
    rows = [deviation("D1", day(1), day(9)), deviation("D2", day(2)), deviation("D3", None)]
    found = facts(batch=TWENTY, deviation=rows)
    opened, closed = (evaluate(definition(name), found) for name in ("K9", "K9ispe"))
    assert (opened.value, opened.n, opened.subjects) == (10, 20, 23)
    assert dict(opened.excluded) == {"no date of the deviation recorded": 1}
    assert (closed.value, closed.open) == (5, 2)


def test_period_counts_both_sides_in_it():
    rows = [deviation("D1", day(1)), deviation("D2", day(12))]
    found = evaluate(
        definition("K9"), facts(batch=TWENTY, deviation=rows), Question(Period(day(10), day(15)))
    )
    assert (found.value, found.numerator, found.denominator) == (20, 1, 5)


def test_each_product_has_its_own_exposure():
    rows = [deviation("D1", day(1)), deviation("D2", day(1), product_code="Q")]
    made = groups(
        definition("K9"), facts(batch=TWENTY, deviation=rows), Question(by=("product_code",))
    )
    assert [v.value for v in made] == [pytest.approx(100 / 15), 20]


def test_unfinished_and_aborted_batches_are_no_exposure():
    rows = [
        {"batch_id": "B1", "ended_us": day(1)},
        {"batch_id": "B2"},
        {"batch_id": "B3", "aborted_us": day(1)},
        {"batch_id": "B4", "decided_us": day(2)},
    ]
    found = evaluate(definition("K9"), facts(batch=rows))
    assert (found.denominator, len(found.excluded), found.coverage) == (1, 3, 0.5)
