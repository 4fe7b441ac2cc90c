"""Readings of deviations against rows counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.deviations import (
    ageing,
    ages,
    deviations,
    put_on_record,
    ranked,
    repeat_pairs,
    resolution,
    unassigned,
)
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def row(number: int, at: float, closed: float | None = None, **more: Any) -> dict[str, Any]:
    return {
        "deviation_id": f"D{number}",
        "occurred_us": day(at),
        "detected_us": day(at),
        "recorded_us": day(at + 1),
        "closed_us": None if closed is None else day(closed),
        "last_closed_us": None if closed is None else day(closed),
        "open": closed is None,
        **more,
    }


PLANT = facts(
    deviation=[
        row(1, 0, 10, category="method", area="Filling", root_cause="Text misleads"),
        row(2, 20, 25, category="equipment", area="Filling", root_cause="text misleads "),
        row(3, 30, 50, category="method", area="Coating", root_cause="text misleads"),
        row(4, 40, None, category="method", area="Filling", due_on="2026-03-01"),
        row(5, 60, None, category=" ", area="Filling", due_on="2027-01-01"),
        row(6, 390, 395, category="method", area="Filling", root_cause="Text misleads"),
    ]
)
EVERY = deviations(PLANT, {})
LATER = Period(day(15), day(100))


def test_deviations_come_in_the_order_of_their_record_and_narrowed() -> None:
    assert [d.deviation_id for d in EVERY] == ["D1", "D2", "D3", "D4", "D5", "D6"]
    assert [d.deviation_id for d in deviations(PLANT, {"area": "Coating"})] == ["D3"]


def test_period_takes_what_was_put_on_record_in_it() -> None:
    edge = Period(day(21), day(41))
    assert [d.deviation_id for d in put_on_record(EVERY, edge)] == ["D2", "D3"]


def test_ranking_counts_shares_and_the_period_before() -> None:
    found = ranked(EVERY, "category", LATER, Period(day(0), day(15)))
    assert [(r.value, r.n, r.open, r.before) for r in found] == [
        ("method", 2, 1, 1),
        ("equipment", 1, 0, 0),
        (None, 1, 1, 0),
    ]
    assert [r.share for r in found] == [50, 25, 25]
    assert [r.cumulative for r in found] == [50, 75, 100]
    assert found[0].deviations == ("D4", "D3")
    assert ranked(EVERY, "category", Period(day(500), None)) == []


def test_pairs_are_the_repeats_of_k12_with_what_they_repeat() -> None:
    pairs = repeat_pairs(EVERY, EVER)
    # D6 is 370 days after D2, so none; D3 has the cause elsewhere.
    assert [(p.deviation_id, p.earlier_id, p.days) for p in pairs] == [("D2", "D1", 20)]
    assert evaluate(definition("K12"), PLANT).numerator == len(pairs)
    assert repeat_pairs(EVERY, Period(day(26), None)) == []
    period = Period(day(0), day(26))
    assert evaluate(definition("K12"), PLANT, Question(period)).numerator == 1
    assert len(repeat_pairs(EVERY, period)) == 1


def test_repeat_counts_on_the_last_day_of_the_window() -> None:
    here = {"area": "Filling", "root_cause": "wear"}
    for days, n in ((365, 1), (366, 0)):
        two = deviations(facts(deviation=[row(1, 0, 1, **here), row(2, days, 400, **here)]), {})
        assert len(repeat_pairs(two, EVER)) == n


def test_resolution_keeps_the_open_ones_as_censored() -> None:
    found, still = resolution(EVERY, Period(day(0), day(100)), day(70))
    # 5, 10 and 20 days ended; 10 and 30 days are open: 4/5, then 3/4 and 1/2 of what is left.
    assert found.times == (5, 10, 20)
    assert found.share == pytest.approx((0.8, 0.6, 0.3))
    assert (found.median, still) == (20, 2)


def test_resolution_without_deviations_is_unknown() -> None:
    found, still = resolution((), EVER, day(1))
    assert (found.median, found.times, still) == (None, (), 0)


def test_reopened_deviation_is_open() -> None:
    again = deviations(facts(deviation=[row(1, 0, 10, open=True)]), {})
    assert [a.days for a in ageing(again, day(30), "2026-01-31")] == [30]


def test_open_ones_are_listed_by_age_with_those_beyond_their_day() -> None:
    found = ageing(EVERY, day(101), "2026-04-12")
    assert [(a.deviation.deviation_id, a.days, a.late) for a in found] == [
        ("D4", 61, True),
        ("D5", 41, False),
    ]
    assert ages(found) == [(7, 0), (30, 0), (60, 1), (90, 1), (None, 0)]


def test_open_one_without_times_is_unknown_not_zero() -> None:
    bare = deviations(facts(deviation=[{"deviation_id": "D9", "open": True}]), {})
    found = ageing(bare, day(1), "2026-01-02")
    assert (found[0].days, found[0].late) == (None, None)
    assert sum(n for _, n in ages(found)) == 0
    assert len(put_on_record(bare, EVER)) == 1
    assert put_on_record(bare, LATER) == []


def test_closed_without_a_cause_or_filed_as_none_are_counted_with_an_interval() -> None:
    rows = [
        row(1, 0, 10, root_cause="wear"),
        row(2, 0, 11, root_cause="  "),
        row(3, 0, 12, root_cause="single event", category="none"),
        row(4, 0, None),
        row(5, 0, 40),
    ]
    every = deviations(facts(deviation=rows), {})
    found = unassigned(every, Period(day(0), day(20)))
    assert (found.n, found.closed) == (2, 3)
    # Wilson for 2 of 3, as tabled: 20.8 to 93.9 %.
    assert found.interval == pytest.approx((20.77, 93.85), abs=0.01)
    assert unassigned((), EVER).interval is None
