"""Periods: what belongs to one, what is open at its end, what has no time at all."""

from __future__ import annotations

from daytwo.insight.kpis.cohort import EVER, Period, Question, as_of, placed
from daytwo.insight.kpis.definition import definition
from tests.insight.kpis.plant import day, facts

ROWS = [
    {"batch_id": "before", "ended_us": day(-9), "decided_us": day(-2), "decision": "released"},
    {"batch_id": "within", "ended_us": day(-9), "decided_us": day(2), "decision": "released"},
    {"batch_id": "at the start", "ended_us": day(-9), "decided_us": day(0), "decision": "released"},
    {"batch_id": "at the end", "ended_us": day(1), "decided_us": day(9), "decision": "released"},
    {"batch_id": "open", "ended_us": day(1)},
    {"batch_id": "begun later", "ended_us": day(20)},
    {
        "batch_id": "refused",
        "ended_us": day(1),
        "decided_us": day(30),
        "decision": "rejected",
    },
    {"batch_id": "timeless", "origin": "import"},
]


def states(period: Period) -> dict[str, str]:
    made = facts(batch=ROWS)
    table = placed(definition("K1").subjects(made), period)
    return {row["subject"]: row["state"] for row in made.engine.rows(table)}


def test_period_includes_its_first_instant_and_not_its_last():
    assert states(Period(day(0), day(9))) == {
        "within": "counted",
        "at the start": "counted",
        "at the end": "open",
        "open": "open",
        "refused": "open",
        "timeless": "undated",
    }


def test_without_an_end_everything_open_is_open():
    found = states(Period(day(3), None))
    assert found["begun later"] == "open"
    assert "within" not in found
    assert found["refused"] == "excluded"


def test_without_a_beginning_all_of_the_past_belongs():
    assert states(Period(None, day(0))) == {
        "before": "counted",
        "within": "open",
        "at the start": "open",
        "timeless": "undated",
    }


def test_without_a_period_everything_stays_as_it_is():
    assert len(states(EVER)) == len(ROWS)
    assert states(EVER)["timeless"] == "excluded"


def test_open_subjects_are_as_old_as_at_the_periods_end():
    assert as_of(Period(0, 50), 100) == 50
    assert as_of(Period(0, 500), 100) == 100
    assert as_of(EVER, 100) == 100


def test_question_is_whole_without_period_and_filter():
    assert Question(by=("site",)).whole
    assert not Question(where={"site": "S"}).whole
    assert not Question(Period(0)).whole
