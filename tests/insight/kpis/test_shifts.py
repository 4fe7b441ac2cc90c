"""Shifts: by the clock on the site's wall, in every question that splits by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from daytwo.insight.kpis.calendar import at, start_of, us
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.columns import columns
from daytwo.insight.kpis.definition import all_definitions, definition
from daytwo.insight.kpis.deviations import deviations, ranked
from daytwo.insight.kpis.evaluate import evaluate, groups, held, trend
from daytwo.insight.kpis.explain import explain
from daytwo.insight.kpis.shifts import names
from daytwo.insight.kpis.subjects import MINUTE_US, SHIFT
from tests.insight.kpis.plant import day, facts, on

SPLIT = [of for of in all_definitions() if SHIFT in of.dimensions]
EARLY, LATE, NIGHT = "06:00-14:00", "14:00-22:00", "22:00-06:00"


def by_clock(instant_us: int, zone: str, starts: tuple[int, ...]) -> str | None:
    """Return the shift as one reads it off a clock: go back from the minute to the last start."""
    local = at(instant_us, zone)
    assert local.tzinfo == ZoneInfo(zone)
    if not (local.hour or local.minute or local.second or local.microsecond):
        return None
    minute = local.hour * 60 + local.minute
    begun = [start for start in starts if start <= minute] or starts
    return names(starts)[starts.index(begun[-1])]


@pytest.mark.parametrize("starts", [(360, 840, 1320), (0, 447), (450,)])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Zurich", "America/New_York", "Asia/Kolkata"])
def test_shift_is_what_the_clock_on_the_wall_says(zone, starts):
    chance = np.random.default_rng(20261127)
    instants = chance.integers(on("2000-01-02"), on("2044-12-30"), 2000).tolist()
    edges = [start_of(at(one, zone).date(), zone) for one in instants[:200]]
    edges += [day + minute * MINUTE_US for day in edges for minute in starts]
    instants += [one + beside for one in edges for beside in (-1, 0, 1)]
    rows = [{"deviation_id": str(n), "detected_us": one} for n, one in enumerate(instants)]
    given = replace(facts(zone=zone, deviation=rows), shifts=starts)
    said = {int(d.deviation_id): d.shift for d in deviations(given, {})}
    assert [said[n] for n in range(len(instants))] == [
        by_clock(one, zone, starts) for one in instants
    ]


def test_edges_belong_to_the_shift_that_begins_and_the_clock_moves_with_summer_time():
    asked = {
        "2026-01-15T05:00:00+00:00": EARLY,  # six o'clock in winter
        "2026-01-15T04:59:59+00:00": NIGHT,
        "2026-07-15T04:00:00+00:00": EARLY,  # and in summer
        "2026-07-15T11:59:59+00:00": EARLY,
        "2026-07-15T12:00:00+00:00": LATE,
        "2026-07-15T20:00:00+00:00": NIGHT,
        "2026-07-14T22:00:00+00:00": None,  # midnight: a day without a time
        "2026-07-14T22:00:00.000001+00:00": NIGHT,
    }
    rows = [
        {"deviation_id": text, "detected_us": us(datetime.fromisoformat(text))} for text in asked
    ]
    given = facts(zone="Europe/Zurich", deviation=[*rows, {"deviation_id": "none"}])
    assert {d.deviation_id: d.shift for d in deviations(given, {})} == asked | {"none": None}


def test_last_shift_reaches_over_midnight_and_one_alone_is_the_whole_day():
    assert names([360, 840, 1320]) == [EARLY, LATE, NIGHT]
    assert names([450]) == ["07:30-07:30"]


def deviation(name, hour, closed, **more):
    seen = on("2026-02-02") + hour * 3_600_000_000
    return {
        "deviation_id": name,
        "detected_us": seen,
        "recorded_us": seen,
        "closed_us": seen + closed * 86_400_000_000,
        "open": False,
    } | more


NIGHTS = [
    deviation("D1", 7, 2),
    deviation("D2", 23, 10, occurred_us=on("2026-02-02") + 5 * 3_600_000_000),
    deviation("D3", 15, 4),
    deviation("D4", 8, 6),
    deviation("D5", 9, 8, occurred_us=on("2026-02-01")),
]


def test_a_figure_is_split_by_the_shift_in_which_it_happened_not_in_which_it_was_seen():
    given = facts(deviation=NIGHTS)
    found = groups(definition("K10"), given, Question(by=(SHIFT,)))
    assert {v.group[SHIFT]: (v.value, v.n) for v in found} == {
        EARLY: (4, 2),
        LATE: (4, 1),
        NIGHT: (10, 1),
        None: (8, 1),
    }
    night = Question(where={SHIFT: NIGHT})
    assert evaluate(definition("K10"), given, night).n == 1
    listed = {s.subject: s.dimensions[SHIFT] for s in explain(definition("K10"), given).subjects}
    assert listed == {"D1": EARLY, "D2": NIGHT, "D3": LATE, "D4": EARLY, "D5": None}
    with held(definition("K10"), given, Question()) as known:
        assert groups(definition("K10"), known, Question(by=(SHIFT,))) == found


def test_site_has_shifts_of_its_own():
    given = replace(facts(deviation=NIGHTS), shifts=(8 * 60, 20 * 60))
    found = groups(definition("K10"), given, Question(by=(SHIFT,)))
    assert [(v.group[SHIFT], v.n) for v in found] == [
        ("08:00-20:00", 2),
        ("20:00-08:00", 2),
        (None, 1),
    ]


@pytest.mark.parametrize("of", SPLIT, ids=lambda d: d.id)
def test_columns_and_trends_by_shift_are_the_same(of):
    steps = [
        {
            "batch_id": f"B{n}",
            "step_id": "1",
            "claimed_us": day(n),
            "completed_us": day(n) + (5 * n + 1) * 3_600_000_000,
            "touch_min": 5.0 + n,
            "performer": f"p{n}",
            "method": "device" if n % 2 else "manual",
            "instead": True,
            "entries": 1,
        }
        for n in range(9)
    ]
    given = facts(zone="Europe/Zurich", deviation=NIGHTS, step=steps)
    question = Question(by=(SHIFT,))
    wide = [row for table in columns([of], given, question, "month") for row in table.to_pylist()]
    told = {(row[SHIFT], row["span"]): (row["value"], row["n"]) for row in wide}
    long = trend(of, given, question, "month")
    assert {k: v for k, v in told.items() if v[1]} == {
        (v.group[SHIFT], v.group["span"]): (v.value, v.n) for v in long if v.n
    }
    assert len({name for name, _ in told}) > 1


def test_deviations_are_ranked_by_shift():
    found = ranked(deviations(facts(deviation=NIGHTS), {}), SHIFT, Period())
    assert [(one.value, one.n) for one in found] == [
        (EARLY, 2),
        (LATE, 1),
        (NIGHT, 1),
        (None, 1),
    ]
