"""K16 by hand: ten lots of the KPI paper give three rates."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def lot(name, decision=None, **more):
    made = {"batch_id": name, "started_us": day(1), "decision": decision}
    return made | {"decided_us": day(9) if decision else None} | more


TEN = [lot(f"B{i}", "released") for i in range(8)] + [lot("B8", "rejected"), lot("B9", holds=1)]
CONFIRMED = [
    {"oos_id": "O1", "subject_kind": "batch", "subject_id": "B8", "outcome": "confirmed"},
    {"oos_id": "O2", "subject_kind": "batch", "subject_id": "B8", "outcome": "confirmed"},
]


@pytest.mark.parametrize(
    ("kpi", "value"), [("K16fda2016", 80.0), ("K16ispe", 88.9), ("K16fda2015", 90.0)]
)
def test_ten_lots_of_the_kpi_paper(kpi, value):
    found = evaluate(definition(kpi), facts(batch=TEN, oos=CONFIRMED))
    assert found.value == pytest.approx(value, abs=0.05)
    assert found.open == 1


def test_rejection_without_a_confirmed_result_is_not_specification_related():
    assert evaluate(definition("K16fda2015"), facts(batch=TEN)).value == 100


def test_rate_of_a_period_takes_starts_and_acceptances_in_it():
    rows = [*TEN, lot("B10", "released", started_us=day(-40))]
    found = evaluate(definition("K16fda2016"), facts(batch=rows), Question(Period(day(0), day(30))))
    assert (found.numerator, found.denominator) == (9, 10)


def test_more_accepted_than_started_has_no_interval():
    rows = [lot("B1", "released", started_us=day(-40)), lot("B2", "released")]
    found = evaluate(definition("K16fda2016"), facts(batch=rows), Question(Period(day(0), day(30))))
    assert (found.value, found.interval) == (200, None)


def test_aborted_and_unstarted_lots_are_told_apart():
    rows = [*TEN, lot("B10", aborted_us=day(3)), lot("B11", started_us=None)]
    found = evaluate(definition("K16ispe"), facts(batch=rows))
    assert dict(found.excluded) == {"aborted": 1, "not started": 1}
    assert found.value == pytest.approx(100 * 8 / 9)
