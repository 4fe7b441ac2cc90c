"""Tiles: what is said of a figure, and that colour comes only with something to do."""

from __future__ import annotations

from datetime import UTC, datetime

from daytwo.doors.web import tiles
from daytwo.insight.detection.control import control_chart
from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.compare import against_value
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate, trend
from tests.insight.kpis.plant import day, facts

K1 = definition("K1")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def plant(*took: float):
    rows = [
        {
            "batch_id": f"B{i}",
            "ended_us": day(7 * i),
            "decided_us": day(7 * i + days),
            "decision": "released",
        }
        for i, days in enumerate(took)
    ]
    return facts(batch=[*rows, {"batch_id": "O", "ended_us": day(50)}], now=NOW)


FAST, SLOW = plant(*[1, 1.5, 2] * 3), plant(*[6, 6.5, 7] * 3)


def told(now, before):
    found = evaluate(K1, now)
    delta = tiles.delta(
        found, against_value(found, evaluate(K1, before)), "period", "Against before"
    )
    chart = control_chart(trend(K1, now, Question(), "week"))
    return tiles.tile(found, chart, [delta], "/x/")


def test_value_has_its_unit_n_open_and_interval():
    tile = told(FAST, SLOW)
    assert (tile.value, tile.unit) == ("1.5", "d")
    assert tile.basis == "median · n 9 · 1 open · P90 2.0 · 95\u202f% 1.0–2.0"


def test_better_is_calm_and_worse_asks_for_a_hand():
    better, worse = told(FAST, SLOW), told(SLOW, FAST)
    assert (better.icon, better.kind) == ("check", "plain")
    assert better.state.startswith("Against before: better by 5.0")
    assert (worse.icon, worse.kind) == ("attention", "attention")
    assert "beyond noise" in worse.state


def test_within_noise_says_that_nothing_is_shown():
    assert "no change shown" in told(FAST, FAST).state


def test_nothing_counted_is_unknown():
    found = evaluate(K1, facts(batch=[], now=NOW))
    tile = tiles.tile(found, control_chart([]))
    assert (tile.value, tile.spark) == (None, None)
    assert tile.state.startswith("unknown")


def test_places_follow_the_size():
    assert [tiles.places(v) for v in (None, 0.0, 0.2, 7.0, 467.0)] == [2, 1, 2, 1, 0]
    assert tiles.written(1234.5, "d") == "1234\u202fd"


def test_two_shares_lie_points_apart():
    assert tiles.distance(5.3, "%") == "5.3\u202fpoints"
    assert tiles.distance(5.3, "d") == "5.3\u202fd"
