"""Changes of master batch records against rows counted by hand."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.changes import changes, finished, still_open
from daytwo.insight.kpis.cohort import EVER, Period
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import NOW, day, facts

MILESTONES = (
    "requested",
    "drafted",
    "submitted",
    "approved",
    "validated",
    "trained",
    "effective",
    "first_used",
)


def version(number: int, *at: float, **more: object) -> dict[str, object]:
    times = {f"{name}_us": day(when) for name, when in zip(MILESTONES, at, strict=False)}
    return {"mbr_id": "M-1", "version": number, "product_code": "P", **times, **more}


PLANT = facts(
    mbr_change=[
        version(2, 0, 10, 12, 20, 30, 35, 36, 40, rounds=2, returned=1),
        version(3, 50, 51, 52, 55, 60, 62, 64, 100, rounds=1),
        version(4, 120, 125, 130, rounds=1, returned=1),
        version(5, 121, superseded_us=day(125)),
        version(6, drafted_us=day(3), first_used_us=day(9), effective_us=day(9)),
        version(7, 140, product_code="other"),
    ]
)


def test_legs_of_a_change_add_up_to_its_whole() -> None:
    two, three, *_ = changes(PLANT, {})
    assert [days for _, days in two.legs] == [10, 2, 8, 10, 5, 1, 4]
    assert sum(days for _, days in two.legs) == two.days == 40
    assert (two.rounds, two.returned, two.open) == (2, 1, False)
    assert dict(three.legs)["K26use"] == 36


def test_finished_ones_are_those_that_k26_counts_the_slowest_first() -> None:
    every = changes(PLANT, {})
    assert [(c.version, c.days) for c in finished(every, EVER)] == [(3, 50), (2, 40)]
    assert [c.version for c in finished(every, Period(day(40), day(100)))] == [2]
    counted = evaluate(definition("K26"), PLANT)
    assert (counted.counted, counted.value) == (2, 45)


def test_open_ones_say_in_which_leg_they_wait_and_since_when() -> None:
    now = (NOW.timestamp() * 1e6 - day(0)) / 86_400e6
    four, seven = still_open(changes(PLANT, {}))
    assert (four.version, four.waits) == (4, "K26review")
    assert (four.days, four.waits_days) == pytest.approx((now - 120, now - 130))
    assert (seven.version, seven.waits, seven.legs) == (7, "K26wait", ())


def test_changes_are_narrowed_and_replaced_ones_are_neither_open_nor_done() -> None:
    assert [c.version for c in changes(PLANT, {"product_code": "other"})] == [7]
    five = next(c for c in changes(PLANT, {}) if c.version == 5)
    assert (five.open, five.done_us, five.days, five.waits) == (False, None, 4, "")
