"""One violation for each letter that facts show, each found; times missing, by source system."""

from __future__ import annotations

from typing import Any

import pytest

from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.integrity import broken_rows, drifts, named, tallies
from daytwo.insight.kpis.integritychecks import CHECKS, LETTERS, TIMES
from daytwo.kernel.errors import Unknown
from daytwo.record.access import clockwatch
from tests.insight.kpis.plant import day, facts

EVER = Question()


def step(number: int, **more: Any) -> dict[str, Any]:
    return {
        "batch_id": "B1",
        "step_id": f"{number}",
        "performer": "olga",
        "entries": 1,
        "claimed_us": day(1),
        "completed_us": day(2),
        "noted_us": day(2.01),
        "touch_min": 5.0,
        **more,
    }


SEEDED: dict[str, list[dict[str, Any]]] = {
    "step": [
        step(0),
        step(1, performer=" "),
        step(2, late=True),
        step(3, noted_us=day(1.9)),
        step(4, paper=True),
        step(5, instead=True),
        step(6, corrected_after=1),
        step(7, claimed_us=day(3)),
    ],
    "signature": [{"seq": 9, "record": "batch/B1", "signed_us": day(2)}],
    "review": [{"batch_id": "B1", "function": "quality", "number": 1, "opened_us": day(3)}],
    "result": [
        {"row_id": "r1", "unit": "%", "entered_us": day(3), "final_us": day(3), "reported": "9,x"},
        {
            "row_id": "r2",
            "unit": "%",
            "entered_us": day(3),
            "final_us": day(3),
            "value": 1.0,
            "superseded": True,
        },
    ],
    "discrepancy": [
        {"discrepancy_id": "X1", "batch_id": "B1", "code": "missing", "raised_us": day(2)}
    ],
    "batch": [
        {"batch_id": "B1", "ended_us": day(4), "decided_us": day(3), "decision": "released"},
    ],
    "deviation": [
        {
            "deviation_id": "D1",
            "recorded_us": day(5),
            "detected_us": day(4),
            "occurred_us": day(4.5),
        },
    ],
    "sample": [{"sample_id": "S1", "taken_us": day(3), "received_us": day(2)}],
    "mbr_change": [{"mbr_id": "M", "version": 2, "effective_us": day(1)}],
}
PLANT = facts(**SEEDED)


@pytest.mark.requirement("R11")
@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.id)
def test_one_violation_of_each_check_is_found_and_nothing_else(check: Any) -> None:
    found = {t.check.id: t for t in tallies(PLANT, EVER, ())}[check.id]
    assert found.broken == 1
    assert found.of >= 1
    (row,) = broken_rows(PLANT, check.id, EVER, ())
    assert row.subject


@pytest.mark.requirement("R11")
def test_every_letter_but_those_that_no_fact_shows_has_a_check() -> None:
    shown = {check.letter for check in CHECKS}
    assert set(LETTERS) - shown == {"enduring", "available"}


def test_clean_plant_breaks_nothing() -> None:
    clean = facts(step=[step(0)])
    assert {t.check.id: t.broken for t in tallies(clean, EVER, ()) if t.broken} == {}
    late = next(t for t in tallies(clean, EVER, ()) if t.check.id == "late")
    assert (late.of, late.share) == (1, 0)
    signer = next(t for t in tallies(clean, EVER, ()) if t.check.id == "signer")
    assert signer.share is None


def test_period_and_filter_narrow_what_is_looked_at() -> None:
    late = {t.check.id: t for t in tallies(PLANT, Question(Period(day(3), None)), ())}["late"]
    assert late.of == 0
    some = {t.check.id: t for t in tallies(PLANT, Question(where={"line": "L9"}), ())}
    assert (some["late"].of, some["change-request"].of) == (0, 1)


def test_missing_times_are_told_to_the_system_of_the_import() -> None:
    runs = ((10, "MES"), (20, "QMS"))
    rows = [
        step(1, origin="import", seq_first=3, claimed_us=None),
        step(2, origin="import", seq_first=10),
        step(3, origin="import", seq_first=11, claimed_us=None),
        step(4, origin="native", seq_first=12),
        step(5, origin="import", seq_first=25, claimed_us=None),
    ]
    found = {t.check.id: t for t in tallies(facts(step=rows), EVER, runs)}["step-claimed"]
    assert (found.of, found.broken) == (5, 3)
    assert sorted(found.systems) == [
        ("MES", 2, 1),
        ("QMS", 1, 1),
        ("import", 1, 1),
        ("native", 1, 0),
    ]
    first = broken_rows(facts(step=rows), "step-claimed", EVER, runs)
    assert {(f.subject, f.batch_id, f.system) for f in first} == {
        ("B1/1", "B1", "MES"),
        ("B1/3", "B1", "QMS"),
        ("B1/5", "B1", "import"),
    }


def test_checks_have_names_of_their_own_and_others_are_unknown() -> None:
    names = [check.id for check in (*CHECKS, *TIMES)]
    assert len(names) == len(set(names))
    assert named("late").letter == "contemporaneous"
    with pytest.raises(Unknown):
        named("nothing")


@pytest.mark.usefixtures("site")
def test_jumps_of_the_clock_are_read_from_the_ledger() -> None:
    clockwatch.forget_anchor()
    clockwatch.watch_clock()
    assert drifts() == []
    assert clockwatch._anchor.wall is not None
    clockwatch._anchor.wall -= 90
    clockwatch.watch_clock()
    assert [round(d.drift_ms / 1000) for d in drifts()] == [90]
