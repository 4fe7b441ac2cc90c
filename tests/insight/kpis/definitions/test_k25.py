"""K25 by hand: work by attendance, for teams of five or more."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate, groups
from tests.insight.kpis.plant import day, facts


def step(number, team, person, minutes=96.0):
    made = {"batch_id": "B1", "step_id": f"S{number}", "touch_min": minutes, "performer": person}
    return made | {"completed_us": day(2), "claimed_us": day(1), "role_or_team": team}


def shift(number, team, person):
    made = {"seq": number, "person": person, "team": team, "attended_h": 8.0, "day": "2026-01-01"}
    return made | {"start_us": day(1), "end_us": day(1.3)}


STEPS = [step(i, "A", f"a{i}") for i in range(5)] + [step(9, "B", "b1")]
SHIFTS = [shift(i, "A", f"a{i}") for i in range(5)] + [shift(9, "B", "b1")]


def test_efficiency_is_touch_by_attended_time_and_small_teams_are_withheld():
    found = facts(step=STEPS, labour=SHIFTS)
    large, small = groups(definition("K25"), found, Question(by=("team",)))
    assert (large.value, large.numerator, large.denominator) == (pytest.approx(20), 8, 40)
    assert (small.value, small.numerator, small.withheld) == (None, None, "fewer than 5 persons")
    assert evaluate(definition("K25"), found).value == pytest.approx(100 * 9.6 / 48)


def test_output_by_labour():
    batches = [
        {"batch_id": "B1", "ended_us": day(1)},
        {"batch_id": "B2", "ended_us": day(1), "decision": "rejected"},
        {"batch_id": "B3"},
    ]
    found = evaluate(definition("K25output"), facts(batch=batches, step=STEPS, labour=SHIFTS))
    assert (found.value, found.numerator, found.denominator) == (pytest.approx(100 / 48), 1, 48)


def test_hours_of_those_who_do_no_steps_are_no_direct_labour():
    others = [shift(20 + i, "quality", f"q{i}") for i in range(6)] + [shift(30, None, "x")]
    found = facts(step=STEPS, labour=SHIFTS + others, batch=[])
    told = evaluate(definition("K25"), found)
    assert (told.denominator, dict(told.excluded)) == (
        48,
        {"indirect labour: a team without a step": 2},
    )
    assert evaluate(definition("K25output"), found).denominator == 48


def test_period_that_begins_within_a_month_counts_its_own_hours_only():
    before = [
        shift(40 + i, "A", f"a{i}")
        | {"day": "2025-12-20", "start_us": day(-11), "end_us": day(-10.7)}
        for i in range(5)
    ]
    found = facts(step=STEPS, labour=SHIFTS + before)
    told = evaluate(definition("K25"), found, Question(Period(day(0), day(9))))
    assert (told.numerator, told.denominator) == (pytest.approx(9.6), 48)


def test_touch_time_of_steps_is_no_persons():
    minutes = [5.0, 7.0, 9.0, 11.0, 13.0]
    rows = [step(i, "A", f"a{i}", m) for i, m in enumerate(minutes)]
    rows += [step(9, "A", "a0", None), step(8, "A", "a1") | {"completed_us": None}]
    found = evaluate(definition("K25touch"), facts(step=rows))
    assert (found.value, found.n, found.open) == (9, 5, 1)
    few = [step(i, "A", "a0", m) for i, m in enumerate(minutes)]
    assert evaluate(definition("K25touch"), facts(step=few)).value is None
