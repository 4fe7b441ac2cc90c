"""Productivity of teams against figures by hand; a team of four is never shown."""

from __future__ import annotations

from typing import Any

import pytest

from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.productivity import direct, operations, teams
from tests.insight.kpis.plant import day, facts

EVER = Question()


def step(
    number: int, team: str, person: str, minutes: float, at: float = 5, **more: Any
) -> dict[str, Any]:
    return {
        "batch_id": f"B{number}",
        "step_id": f"{team}{person}",
        "role_or_team": team,
        "performer": person,
        "touch_min": minutes,
        "claimed_us": day(at) - int(minutes * 60e6),
        "completed_us": day(at),
        "operation": "Blend",
        **more,
    }


def shift(seq: int, team: str, person: str, hours: float) -> dict[str, Any]:
    return {
        "seq": seq,
        "person": person,
        "team": team,
        "start_us": day(5),
        "end_us": day(5.3),
        "attended_h": hours,
        "month": "2026-01",
    }


FIVE, FOUR = "abcde", "vwxy"
PLANT = facts(
    step=[
        *(step(1, "A", person, 60) for person in FIVE),
        *(step(2, "D", person, 30) for person in FOUR),
    ],
    labour=[
        *(shift(n, "A", person, 8) for n, person in enumerate(FIVE)),
        *(shift(n + 10, "D", person, 8) for n, person in enumerate(FOUR)),
    ],
    batch=[
        {"batch_id": "B1", "product_code": "P", "ended_us": day(6)},
        {"batch_id": "B2", "product_code": "P", "ended_us": day(7)},
        {"batch_id": "B3", "product_code": "Q", "ended_us": day(8)},
        {"batch_id": "B4", "product_code": "Q", "ended_us": day(8), "decision": "rejected"},
        {"batch_id": "B5", "product_code": "Q"},
    ],
)


def test_team_of_five_is_shown_and_a_team_of_four_withheld() -> None:
    found = teams(PLANT, EVER)
    assert [(t.team, t.shown) for t in found] == [("A", True), ("D", False)]
    assert found[0].found.value == pytest.approx(100 * 5 / 40)
    assert (found[1].found.value, found[1].found.numerator) == (None, None)


def test_touch_time_of_a_team_stands_against_the_plants_median() -> None:
    (blend,) = operations(PLANT, EVER)
    assert (blend.operation, blend.plant.value) == ("Blend", 60)
    assert set(blend.teams) == {"A"}
    assert blend.withheld == 1
    assert blend.against_plant("A") == 0
    assert blend.against_plant("D") is None


def test_nine_persons_of_two_teams_are_the_plant_but_no_team() -> None:
    rows = [
        step(n, team, p, 20 + n)
        for n, (team, p) in enumerate(zip("AABBCCD", "abcdefg", strict=True))
    ]
    (blend,) = operations(facts(step=rows), EVER)
    assert blend.teams == {}
    assert blend.plant.value == 23
    assert blend.withheld == 4


def test_plant_of_four_persons_is_withheld_too() -> None:
    (blend,) = operations(facts(step=[step(1, "D", p, 30) for p in FOUR]), EVER)
    assert blend.plant.value is None
    assert blend.against_plant("D") is None


def test_batches_are_set_against_their_direct_hours() -> None:
    every, p, q = direct(PLANT, EVER)
    # B1 took 5 h, B2 took 2 h; B3 has no touch time; B4 is rejected, B5 not made yet.
    assert (every.product_code, every.batches, every.without, every.hours) == (None, 2, 1, 7)
    assert every.per_100_h == pytest.approx(200 / 7)
    assert (p.batches, p.without) == (2, 0)
    assert (q.batches, q.per_100_h, q.interval) == (0, None, None)
    early = direct(PLANT, Question(Period(day(6), day(7))))
    assert [(d.product_code, d.batches) for d in early] == [(None, 1), ("P", 1)]
    assert direct(facts(), EVER) == []


def test_interval_is_that_of_the_hours_a_batch_turned_round() -> None:
    hours = {1: 9, 2: 10, 3: 11, 4: 10}
    plant = facts(
        batch=[{"batch_id": f"B{n}", "product_code": "P", "ended_us": day(6)} for n in hours],
        step=[step(n, "A", "a", 60.0 * h) for n, h in hours.items()],
    )
    found = direct(plant, EVER)[0]
    # Mean 10 h, s = 0.8165, s/2 = 0.40825, t(3) = 3.1824: 8.7008 to 11.2992 h a batch.
    assert found.per_100_h == 10
    assert found.interval == pytest.approx((100 / 11.2992, 100 / 8.7008), rel=1e-4)
