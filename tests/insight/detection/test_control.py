"""Trends on control charts: limits by hand, flags and changes where they were put."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from daytwo.insight.detection.control import control_chart
from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import trend
from tests.insight.kpis.plant import day, facts

NOW = datetime(2026, 12, 31, tzinfo=UTC)


def batches(days_by_week, deviations=()):
    rows = [
        {
            "batch_id": f"B{week}-{n}",
            "started_us": day(7 * week - 40),
            "ended_us": day(7 * week + 1) - int(days * 86_400e6),
            "decided_us": day(7 * week + 1),
            "reviewed_us": day(7 * week + 1),
            "decision": "released",
        }
        for week, values in enumerate(days_by_week)
        for n, days in enumerate(values)
    ]
    return facts(batch=rows, deviation=list(deviations), now=NOW)


def chart_of(kpi_id, plant):
    return control_chart(trend(definition(kpi_id), plant, Question(), "week"))


def test_median_is_on_an_individuals_chart_with_known_limits():
    plant = batches([[10.0], [12.0], [11.0], [13.0]])
    found = chart_of("K1", plant)
    known = [p for p in found.points if p.value is not None]
    assert found.kind == "XmR"
    assert found.centre == pytest.approx(11.5)
    assert known[0].upper == pytest.approx(11.5 + 3 * (5 / 3) / 1.128)
    assert known[0].lower == pytest.approx(11.5 - 3 * (5 / 3) / 1.128)


def test_limit_of_a_time_does_not_go_below_zero():
    found = chart_of("K1", batches([[1.0], [9.0], [1.0], [9.0]]))
    assert {p.lower for p in found.points} == {0.0}


def test_rate_has_limits_that_move_with_its_exposure():
    rows = [
        {"deviation_id": f"D{n}", "batch_id": "B0-0", "recorded_us": day(2), "open": True}
        for n in range(3)
    ]
    found = chart_of("K9", batches([[5.0] * 4, [5.0] * 1], rows))
    assert found.kind == "u"
    assert found.centre == pytest.approx(100 * 3 / 5)
    limits = {p.n: p.upper for p in found.points if p.upper is not None}
    for n, upper in limits.items():
        if n:
            assert upper == pytest.approx(100 * (0.6 + 3 * math.sqrt(0.6 / n)))


def test_shift_is_flagged_and_called_a_change():
    weeks = [[10.0 + n % 3] for n in range(12)] + [[30.0 + n % 3] for n in range(12)]
    found = chart_of("K1", batches(weeks))
    assert found.flagged
    (change,) = found.changes
    first_new = found.points[change.index]
    assert first_new.value == pytest.approx(30.0)
    assert (change.before, change.after) == (pytest.approx(11.0), pytest.approx(31.0))


def test_nothing_known_gives_no_limits():
    assert control_chart([]).centre is None
    assert chart_of("K9", facts(batch=[], deviation=[], now=NOW)).points == ()
