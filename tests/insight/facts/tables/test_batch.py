"""The batch fact: one row a batch, whatever the order in which its life is told."""

from __future__ import annotations

import random

import pytest

from daytwo.insight.facts.folding import InMemory, take
from tests.insight.facts.telling import Story, at

PLANNED = {
    "batch_id": "B",
    "order_id": "O",
    "product_code": "P",
    "product_name": "Product",
    "mbr_id": "M",
    "mbr_version": 2,
    "promised_on": "2026-02-01",
    "steps": [{"id": "S1", "title": "Weigh"}, {"id": "S2", "title": "Mix"}],
}


def test_life_of_a_native_batch_is_one_row() -> None:
    story = Story(batch_id="B")
    story.tell("batch.planned", "2026-01-01T00:00", **PLANNED)
    story.tell("batch.started", "2026-01-02T00:00")
    story.tell("batch.manufacture.ended", "2026-01-03T00:00")
    story.tell("batch.record.completed", "2026-01-04T00:00")
    story.tell("release.record.returned", "2026-01-05T00:00")
    story.tell("batch.record.completed", "2026-01-06T00:00")
    story.tell("release.batch.decided", "2026-01-07T00:00", decision="released")
    row = story.one("batch")
    assert (row["product_code"], row["mbr_id"], row["mbr_version"]) == ("P", "M", 2)
    assert (row["started_us"], row["started_seq"]) == (at("2026-01-02T00:00"), 2)
    assert (row["ended_us"], row["ended_seq"]) == (at("2026-01-03T00:00"), 3)
    assert (row["submitted_us"], row["submitted_seq"]) == (at("2026-01-06T00:00"), 6)
    assert (row["decided_seq"], row["decision"], row["returns"]) == (7, "released", 1)
    assert (row["seq_first"], row["seq_last"]) == (1, 7)
    assert (row["site"], row["origin"], row["month"]) == ("home", "native", "2026-01")


def test_batch_of_which_only_dates_are_known_is_a_row() -> None:
    story = Story(from_="import", batch_id="B", product_code="3", product_name="3")
    told = {"started_on": "2018-11", "started_precision": "month"}
    story.tell("batch.imported", "2018-11-01T00:00", **told)
    row = story.one("batch")
    assert (row["site"], row["origin"], row["month"]) == ("basel", "import", "2018-11")
    assert (row["started_us"], row["ended_us"], row["decision"]) == (None, None, None)


def test_start_that_an_import_states_gives_way_to_the_event() -> None:
    stated = {"started_on": "2026-01-02", "started_precision": "day"}
    imported = {"batch_id": "B", "product_code": "P", "product_name": "P", **stated}
    story = Story(from_="import").tell("batch.imported", "2026-01-01T00:00", **imported)
    assert story.one("batch")["started_us"] == at("2026-01-02T00:00")
    story.tell("batch.started", "2026-01-02T09:30", batch_id="B")
    assert story.one("batch")["started_us"] == at("2026-01-02T09:30")


def test_event_of_a_batch_that_nobody_planned_makes_no_row_until_somebody_does() -> None:
    story = Story(batch_id="B").tell("batch.started", "2026-01-02T00:00")
    assert story.all("batch") == []
    story.tell("batch.planned", "2026-01-01T00:00", **PLANNED)
    assert story.one("batch")["started_us"] == at("2026-01-02T00:00")


def test_hold_counts_its_hours_when_it_ends() -> None:
    story = Story(batch_id="B").tell("batch.planned", "2026-01-01T00:00", **PLANNED)
    story.tell("batch.held", "2026-01-02T00:00")
    assert (story.one("batch")["holds"], story.one("batch")["hold_h"]) == (1, 0.0)
    story.tell("batch.resumed", "2026-01-02T06:00")
    story.tell("batch.held", "2026-01-03T00:00").tell("batch.resumed", "2026-01-03T00:30")
    assert (story.one("batch")["holds"], story.one("batch")["hold_h"]) == (2, 6.5)


def test_first_plan_and_first_promise_stand() -> None:
    early, later = "2026-01-05T06:00:00.000000Z", "2026-01-07T06:00:00.000000Z"
    story = Story(batch_id="B")
    story.tell("batch.planned", "2026-01-01T00:00", **PLANNED)
    story.tell("batch.order.replanned", "2026-01-02T00:00", planned_start=later, previous=early)
    story.tell("release.promise.set", "2026-01-02T00:00", promised_on="2026-03-01")
    story.tell("release.promise.changed", "2026-01-03T00:00", promised_on="2026-04-01")
    row = story.one("batch")
    assert (row["planned_start_us"], row["replanned_start_us"]) == (at(early), at(later))
    assert (row["promised_on"], row["promise_changes"], row["replans"]) == ("2026-02-01", 1, 1)


def test_laboratory_is_done_when_every_final_sample_is() -> None:
    story = Story(batch_id="B").tell("batch.planned", "2026-01-01T00:00", **PLANNED)
    of = {"subject_kind": "batch", "subject_id": "B", "stage": "final"}
    story.tell("laboratory.sample.taken", "2026-01-02T00:00", sample_id="X", **of)
    story.tell("laboratory.sample.taken", "2026-01-03T00:00", sample_id="Y", **of)
    story.tell("laboratory.result.entered", "2026-01-04T00:00", sample_id="X", result_id="1")
    result = {"test_code": "assay", "test_name": "Assay", "value": "99", "unit": "%", **of}
    story.tell(
        "laboratory.result.final", "2026-01-05T00:00", sample_id="X", result_id="1", **result
    )
    row = story.one("batch")
    assert (row["lab_taken_us"], row["lab_open"]) == (at("2026-01-02T00:00"), 1)
    assert row["lab_final_us"] is None
    story.tell(
        "laboratory.result.final", "2026-01-07T00:00", sample_id="Y", result_id="2", **result
    )
    row = story.one("batch")
    assert (row["lab_open"], row["lab_final_us"], row["lab_final_seq"]) == (0, at("2026-01-07"), 6)


def test_sample_in_process_is_no_reason_to_wait() -> None:
    story = Story(batch_id="B").tell("batch.planned", "2026-01-01T00:00", **PLANNED)
    of = {"subject_kind": "batch", "subject_id": "B", "stage": "in_process"}
    story.tell("laboratory.sample.taken", "2026-01-02T00:00", sample_id="X", **of)
    assert (story.one("batch")["lab_open"], story.one("batch")["lab_taken_us"]) == (0, None)


def test_deviations_are_closed_when_the_last_one_is() -> None:
    story = Story().tell("batch.planned", "2026-01-01T00:00", **PLANNED)
    story.tell("quality.deviation.detected", "2026-01-02T00:00", deviation_id="D1")
    story.tell("quality.deviation.recorded", "2026-01-03T00:00", deviation_id="D1", batch_id="B")
    story.tell("quality.deviation.recorded", "2026-01-04T00:00", deviation_id="D2", batch_id="B")
    story.tell("quality.deviation.closed", "2026-01-05T00:00", deviation_id="D2")
    row = story.one("batch")
    assert (row["deviations"], row["deviations_open"]) == (2, 1)
    assert (row["deviation_first_us"], row["deviation_closed_us"]) == (at("2026-01-02"), None)
    story.tell("quality.deviation.closed", "2026-01-09T00:00", deviation_id="D1")
    row = story.one("batch")
    assert (row["deviations_open"], row["deviation_closed_us"]) == (0, at("2026-01-09"))
    assert row["deviation_closed_seq"] == 6
    story.tell("quality.deviation.reopened", "2026-01-10T00:00", deviation_id="D1")
    assert story.one("batch")["deviations_open"] == 1


def test_entries_steps_and_workarounds_are_counted_once() -> None:
    story = Story(from_="import", batch_id="B", step_id="S1")
    story.tell("batch.imported", "2026-01-01T00:00", product_code="P", product_name="P")
    for hour, noted, method in (("08", "08:05", "device"), ("09", "09:31", "manual")):
        when = f"2026-01-02T{hour}:00"
        said = {"entry": {}, "method": method, "noted": f"2026-01-02T{noted}"}
        story.tell("batch.step.value_entered", when, **said)
    story.tell("batch.discrepancy.raised", "2026-01-02T09:31", code="not_applicable")
    story.tell("batch.step.completed", "2026-01-02T10:00")
    story.tell("batch.step.back_entered", "2026-01-02T10:00", step_id="S2")
    story.tell("batch.step.corrected", "2026-01-03T00:00", after_signoff=True)
    story.tell("batch.step.corrected", "2026-01-03T00:00", after_signoff=False)
    row = story.one("batch")
    assert (row["entries"], row["manual_entries"], row["late_entries"]) == (2, 1, 1)
    assert (row["steps"], row["workarounds"], row["paper_steps"]) == (1, 2, 1)
    assert (row["na_entries"], row["discrepancies"]) == (1, 1)
    assert (row["corrections_after"], row["corrections_before"]) == (1, 1)


def test_signatures_of_ours_and_of_others_are_counted() -> None:
    story = Story(batch_id="B").tell("batch.planned", "2026-01-01T00:00", **PLANNED)
    ours = {"record": "batch/B", "subject": "step/S1", "signer_id": "olga", "role": "operator"}
    story.tell("access.signature.applied", "2026-01-02T00:00", meaning="performed", **ours)
    story.tell("access.signature.applied", "2026-01-02T01:00", meaning="verified", **ours)
    story.tell(
        "batch.step.signed", "2026-01-02T02:00", meaning="done", step_id="S2", automated=True
    )
    row = story.one("batch")
    assert (row["signatures"], row["witnesses"], row["automated_signatures"]) == (3, 1, 1)


def test_yield_units_and_rework() -> None:
    story = Story(batch_id="B").tell("batch.planned", "2026-01-01T00:00", **PLANNED)
    story.tell("batch.yield.recorded", "2026-01-03T00:00", name="y", percent="98.5")
    story.tell("batch.yield.recorded", "2026-01-02T00:00", name="x", percent="99.9")
    story.tell("release.batch.distributed", "2026-02-01T00:00", units=100)
    story.tell("release.batch.distributed", "2026-02-02T00:00", units=150)
    story.tell("batch.rework.started", "2026-01-04T00:00")
    row = story.one("batch")
    assert (row["theoretical_yield_pct"], row["units"], row["reworked"]) == (98.5, 250, True)


@pytest.mark.parametrize("seed", range(5))
def test_row_is_the_same_in_whatever_order_an_import_brings_its_files(seed: int) -> None:
    story = Story(from_="import", batch_id="B", step_id="S1")
    story.tell("batch.imported", "2026-01-01T00:00", product_code="P", product_name="P", line="L1")
    story.tell("batch.started", "2026-01-02T00:00")
    story.tell("batch.held", "2026-01-02T02:00").tell("batch.resumed", "2026-01-02T03:00")
    story.tell("batch.step.claimed", "2026-01-02T00:00")
    story.tell("batch.step.completed", "2026-01-02T04:00")
    story.tell("batch.manufacture.ended", "2026-01-03T00:00")
    of = {"subject_kind": "batch", "subject_id": "B", "stage": "final", "sample_id": "X"}
    story.tell("laboratory.sample.taken", "2026-01-03T00:00", **of)
    result = {"result_id": "1", "test_code": "a", "test_name": "a", "value": "1", "unit": ""}
    story.tell("laboratory.result.final", "2026-01-05T00:00", **result, **of)
    story.tell("quality.deviation.recorded", "2026-01-03T00:00", deviation_id="D")
    story.tell("release.batch.decided", "2026-01-09T00:00", decision="released")
    shuffled = list(story.events)
    random.Random(seed).shuffle(shuffled)
    rows = InMemory()
    for event in shuffled:
        take(rows, event, "home")
    for fact in ("batch", "step", "deviation", "sample", "result", "disposition"):
        for key, row in story.rows.rows[fact].items():
            there = rows.rows[fact][key]
            assert {c: there[c] for c in row if c != "_state"} == {
                c: row[c] for c in row if c != "_state"
            }, fact
