"""The demonstration: simulated hands whose entries conform, on a clock that never runs ahead."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.jobs.demo.goals import LESS, MORE, target
from daytwo.doors.jobs.demo.hands import conforming_entry
from daytwo.doors.jobs.demo.weeks import FINISHED, SimulatedClock
from daytwo.insight.facts.storage.store import Store
from daytwo.insight.governance.queries import Baseline
from daytwo.kernel.quantity import Quantity
from daytwo.record.batches.rules.entries import Known, evaluate
from tests.floor import MASTER

if TYPE_CHECKING:
    from pathlib import Path

STEPS = [placed.step for placed in MASTER.steps()]


@pytest.mark.parametrize("seed", range(25))
def test_entries_of_a_whole_batch_conform_whatever_the_chance(seed: int) -> None:
    chance = Random(seed)
    known = Known("B", {p.name: p.quantity for p in MASTER.formula.parameters}, {}, {})
    for step in STEPS:
        entry = conforming_entry(step, "B", chance)
        scanned = {entry["equipment"]: step.equipment_class} if "equipment" in entry else {}
        known = replace(known, equipment=scanned)
        outcome = evaluate(step, entry, known)
        assert outcome.findings == (), (step.id, entry, outcome.findings)
        main = outcome.result.get("net") or outcome.result.get("value")
        gave = {step.id: Quantity.parse(main)} if main else {}
        known = replace(
            known, named={**known.named, **outcome.named}, by_step={**known.by_step, **gave}
        )


def test_same_chance_gives_the_same_entries() -> None:
    first = [conforming_entry(step, "B", Random(7)) for step in STEPS]
    assert first == [conforming_entry(step, "B", Random(7)) for step in STEPS]


def test_simulated_clock_never_runs_ahead_of_the_real_one() -> None:
    clock = SimulatedClock(datetime.now(UTC) - timedelta(hours=1))
    clock.wait(60 * 24 * 365)
    assert clock() <= datetime.now(UTC)
    clock.reach(days_ago=3)
    assert datetime.now(UTC) - clock() < timedelta(minutes=1)


def test_simulated_clock_reaches_a_day_only_forwards() -> None:
    clock = SimulatedClock(datetime.now(UTC) - timedelta(days=30))
    clock.reach(days_ago=5)
    assert timedelta(days=4) < datetime.now(UTC) - clock() < timedelta(days=6)


def test_site_holds_what_a_first_look_needs(demo: Path) -> None:
    with closing(sqlite3.connect(demo / "daytwo.sqlite3")) as raw:
        states = raw.execute(
            "SELECT state, record_state, COUNT(*) FROM batches_batch WHERE state <> 'imported'"
            " GROUP BY 1, 2"
        ).fetchall()
        origins = raw.execute(
            "SELECT DISTINCT json_extract(origin, '$.kind') FROM ledger_event"
            " WHERE stream LIKE 'batch/B-%' OR stream LIKE 'person/%'"
        ).fetchall()
        drifts = raw.execute("SELECT COUNT(*) FROM access_alert").fetchone()
    assert set(states) == {
        ("complete", "released", FINISHED - 1),
        ("complete", "rejected", 1),
        ("complete", "completed", 1),
        ("running", "open", 1),
        ("ready", "open", 1),
    }
    assert origins == [("simulation",)]
    assert drifts == (0,)


def base(kpi_id: str, value: float | None) -> Baseline:
    return Baseline("V", "t", 1, "", "", value, None, 9, None, "", "", "", 1, kpi_id)


def test_target_is_a_part_better_in_round_numbers() -> None:
    assert target(base("K1", 10.0)) == 10.0 * LESS
    assert target(base("K7a", 50.0)) == pytest.approx(50.0 * MORE)
    assert target(base("K7a", 97.0)) == 100.0
    assert target(base("K9", 60.0)) is None, "fewer deviations are not better by themselves"
    assert target(base("K1", None)) is None


def test_leader_froze_what_counted_and_the_facts_are_ready(demo: Path) -> None:
    """In a short demonstration little counts; what does is frozen, signed, and said simulated."""
    with closing(sqlite3.connect(demo / "daytwo.sqlite3")) as raw:
        rows = raw.execute(
            "SELECT type, json_extract(origin, '$.kind') FROM ledger_event"
            " WHERE stream LIKE 'value/%' ORDER BY seq"
        ).fetchall()
        last = raw.execute("SELECT MAX(seq) FROM ledger_event").fetchone()[0]
    kinds = [row[0] for row in rows]
    assert kinds.count("value.baseline.frozen") >= 1
    signed = kinds.count("value.baseline.frozen") + kinds.count("value.target.set")
    assert kinds.count("access.signature.applied") == signed
    assert {row[1] for row in rows} <= {"simulation"}
    assert last - Store(demo / "facts").manifest().seq < 10
