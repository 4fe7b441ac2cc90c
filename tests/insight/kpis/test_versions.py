"""Two versions side by side: what a changed definition does to a figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daytwo.insight.kpis import definition as registry
from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.definition import definition, register
from daytwo.insight.kpis.versions import differences, side_by_side, split_move
from tests.insight.kpis.plant import day, facts

K7B = definition("K7b")


def lenient(given):
    """Another version, in which a rework is no fault while the lot is released."""
    made = K7B.subjects(given)
    return made.mutate(numerator=made.denominator)


LENIENT = replace(K7B, version=2, subjects=lenient)


def lot(number, decided, **more):
    made = {"batch_id": f"B{number}", "ended_us": day(0), "decided_us": day(decided), "steps": 3}
    return made | {"decision": "released"} | more


LOTS = [lot(i, 5, reworked=i < 4) for i in range(10)]
LOTS += [lot(10 + i, 15, reworked=i < 2) for i in range(10)]
MADE = facts(batch=LOTS)
BEFORE, AFTER = Period(day(0), day(10)), Period(day(10), day(20))


def test_move_is_split_into_measurement_and_performance():
    found = split_move(K7B, LENIENT, MADE, BEFORE, AFTER)
    figures = [v.value for v in (found.old_before, found.old_after, found.new_before)]
    assert figures == [60, 80, 100]
    assert (found.move, found.measurement, found.performance) == (40, 30, 10)
    assert found.move == found.measurement + found.performance


def test_same_definition_measures_nothing_otherwise():
    found = split_move(K7B, K7B, MADE, BEFORE, AFTER)
    assert (found.measurement, found.performance) == (0, pytest.approx(20))


def test_unknown_figure_leaves_the_parts_unknown():
    found = split_move(K7B, LENIENT, MADE, Period(day(90), day(99)), AFTER)
    assert (found.move, found.measurement, found.performance) == (None, None, None)


def test_subjects_that_the_versions_see_differently_are_listed():
    found = differences(K7B, LENIENT, MADE, Question(BEFORE))
    assert [(d.subject, d.before, d.after) for d in found] == [
        (f"B{i}", "0", "1") for i in range(4)
    ]
    assert differences(K7B, K7B, MADE, Question(EVER)) == []


def test_every_version_answers(monkeypatch):
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))
    register(LENIENT)
    assert [v.value for v in side_by_side("K7b", MADE, Question())] == [70, 100]
