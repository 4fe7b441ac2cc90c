"""The fact tables other than the batch: what each makes of its events."""

from __future__ import annotations

import pytest

from tests.insight.facts.telling import Story, at

BATCH = {"product_code": "P", "product_name": "Product", "line": "L1", "mbr_id": "M"}
OF_BATCH = {"subject_kind": "batch", "subject_id": "B", "stage": "final"}
RESULT = {"test_code": "assay", "test_name": "Assay", "unit": "%"}


def batch(story: Story) -> Story:
    return story.tell("batch.imported", "2026-01-01T00:00", batch_id="B", mbr_version=3, **BATCH)


def test_step_has_its_times_its_doer_and_what_its_batch_is() -> None:
    story = batch(Story(from_="import", batch_id="B", step_id="S"))
    story.tell("batch.step.offered", "2026-01-02T08:00", title="Weigh", position=4)
    story.tell("batch.step.claimed", "2026-01-02T08:10", by="olga", role="team 1")
    story.tell("batch.step.paused", "2026-01-02T08:20")
    story.tell("batch.step.continued", "2026-01-02T08:50")
    story.tell("batch.step.value_entered", "2026-01-02T09:00", entry={}, noted="2026-01-02T10:00")
    story.tell("batch.step.completed", "2026-01-02T09:10")
    story.tell("batch.step.verified", "2026-01-02T09:20", by="otto")
    row = story.one("step")
    assert (row["product_code"], row["line"], row["mbr_version"]) == ("P", "L1", 3)
    assert (row["title"], row["position"], row["performer"]) == ("Weigh", 4, "olga")
    assert (row["role_or_team"], row["verifier"]) == ("team 1", "otto")
    assert (row["wait_min"], row["touch_min"], row["paused_min"]) == (10.0, 30.0, 30.0)
    assert (row["late"], row["late_min"], row["workaround"]) == (True, 60.0, True)
    assert row["noted_us"] == at("2026-01-02T10:00")
    assert row["month"] == "2026-01"


def test_step_that_is_only_planned_is_no_row_yet_but_keeps_its_title() -> None:
    steps = [{"id": "S1", "title": "Weigh"}, {"id": "S2", "title": "Mix", "phase": "Blend"}]
    story = Story(batch_id="B").tell("batch.planned", "2026-01-01T00:00", steps=steps, **BATCH)
    assert story.all("step") == []
    story.tell("batch.step.offered", "2026-01-02T00:00", step_id="S2")
    row = story.one("step")
    assert (row["title"], row["phase"], row["position"], row["line"]) == ("Mix", "Blend", 2, "L1")


def test_entry_in_time_by_a_device_is_no_workaround() -> None:
    story = Story(batch_id="B", step_id="S")
    story.tell("batch.step.value_entered", "2026-01-02T09:00", entry={}, method="device")
    row = story.one("step")
    assert (row["late"], row["late_min"], row["workaround"]) == (False, None, False)
    story.tell("batch.step.value_entered", "2026-01-02T09:01", method="manual_interface_down")
    assert (story.one("step")["workaround"], story.one("step")["entries"]) == (True, 2)


def test_shift_is_a_row_with_its_hours() -> None:
    story = Story(from_="import")
    said = {"person_id": "p1", "team": "A", "ended_at": "2026-01-02T14:00:00.000000Z"}
    story.tell("staff.shift.worked", "2026-01-02T06:00", **said)
    row = story.one("labour")
    assert (row["person"], row["team"], row["attended_h"]) == ("p1", "A", 8.0)


def test_sample_knows_how_many_of_its_results_are_final() -> None:
    story = batch(Story(from_="import"))
    story.tell("laboratory.sample.taken", "2026-01-02T00:00", sample_id="X", **OF_BATCH)
    story.tell("laboratory.sample.received", "2026-01-02T02:00", sample_id="X")
    for name in ("1", "2"):
        started = {"sample_id": "X", "result_id": name, "test_code": "assay"}
        story.tell("laboratory.test.started", "2026-01-03T00:00", **started)
        story.tell("laboratory.result.entered", "2026-01-03T06:00", **started)
    final = {"sample_id": "X", "result_id": "1", "value": "99.1", **OF_BATCH, **RESULT}
    story.tell("laboratory.result.final", "2026-01-04T00:00", **final)
    row = story.one("sample")
    assert (row["results"], row["final"], row["product_code"]) == (2, 1, "P")
    assert row["final_us"] == at("2026-01-04T00:00")
    result = story.one("result")
    assert (result["started_us"], result["entered_us"]) == (
        at("2026-01-03T00:00"),
        at("2026-01-03T06:00"),
    )


def test_report_that_is_no_number_is_kept_as_text() -> None:
    story = Story()
    for name, value in (("1", "93.83"), ("2", "< 0.05"), ("3", "NaN")):
        said = {"result_id": name, "value": value, **OF_BATCH, **RESULT}
        story.tell("laboratory.result.final", "2026-01-04T00:00", **said)
    found = [(row["reported"], row["value"]) for row in story.all("result")]
    assert found == [("93.83", 93.83), ("< 0.05", None), ("NaN", None)]


def test_result_of_a_lot_has_no_batch_and_a_superseded_one_says_so() -> None:
    story = Story()
    lot = {"subject_kind": "lot", "subject_id": "L", "stage": "incoming", **RESULT}
    story.tell("laboratory.result.final", "2026-01-04T00:00", result_id="1", value="1", **lot)
    again = {"result_id": "2", "value": "2", "supersedes": "1", **lot}
    story.tell("laboratory.result.final", "2026-01-05T00:00", **again)
    found = [(r["result_id"], r["batch_id"], r["superseded"]) for r in story.all("result")]
    assert found == [("1", None, True), ("2", None, False)]


def test_yields_and_parameters_are_results_and_an_unknown_yield_is_none() -> None:
    story = Story(batch_id="B")
    story.tell("batch.yield.recorded", "2026-01-02T00:00", name="y", percent="97.3")
    story.tell("batch.yield.recorded", "2026-01-02T00:00", name="z", percent=None)
    speed = {"name": "speed", "value": "99.8", "unit": "1000/h"}
    story.tell("batch.parameter.recorded", "2026-01-02T00:00", **speed)
    found = [
        (r["kind"], r["test_code"], r["value"], r["unit"], r["seq"]) for r in story.all("result")
    ]
    assert found == [("yield", "y", 97.3, "%", 1), ("parameter", "speed", 99.8, "1000/h", 3)]


def test_oos_takes_its_subject_from_the_sample_and_names_itself_on_the_result() -> None:
    story = batch(Story(from_="import"))
    story.tell("laboratory.sample.taken", "2026-01-02T00:00", sample_id="X", **OF_BATCH)
    final = {"sample_id": "X", "result_id": "1", "value": "80", **OF_BATCH, **RESULT}
    story.tell("laboratory.result.final", "2026-01-03T00:00", **final)
    opened = {"oos_id": "O1", "result_id": "1", "sample_id": "X"}
    story.tell("laboratory.oos.opened", "2026-01-04T00:00", **opened)
    story.tell("laboratory.oos.invalidated", "2026-01-06T00:00", oos_id="O1")
    row = story.one("oos")
    assert (row["batch_id"], row["product_code"], row["outcome"]) == ("B", "P", "invalidated")
    assert story.one("result")["oos_id"] == "O1"


def test_deviation_of_ours_and_its_discrepancy_know_of_each_other() -> None:
    story = Story(batch_id="B")
    raised = {"discrepancy_id": "B/1", "step_id": "S", "code": "action_limit", "blocking": True}
    story.tell("batch.discrepancy.raised", "2026-01-02T00:00", **raised)
    route = {"discrepancy_id": "B/1", "route": "deviation", "rationale": "r"}
    story.tell("quality.discrepancy.classified", "2026-01-03T00:00", **route)
    opened = {
        "deviation_id": "D1",
        "discrepancy_id": "B/1",
        "classification": "major",
        "title": "Too hot",
        "detected_at": "2026-01-02T00:00:00.000000Z",
    }
    story.tell("quality.deviation.opened", "2026-01-03T00:00", **opened)
    row = story.one("deviation")
    assert (row["severity"], row["open"], row["detected_us"]) == ("major", True, at("2026-01-02"))
    discrepancy = story.one("discrepancy")
    assert (discrepancy["deviation_id"], discrepancy["closed_us"]) == ("D1", None)
    closed = {"deviation_id": "D1", "root_cause": "probe", "category": "equipment"}
    story.tell("quality.deviation.closed", "2026-01-09T00:00", **closed)
    assert (story.one("deviation")["open"], story.one("deviation")["category"]) == (
        False,
        "equipment",
    )
    assert story.one("discrepancy")["closed_us"] == at("2026-01-09")


def test_first_due_date_stands_and_a_reopened_deviation_is_open() -> None:
    story = Story(from_="import", deviation_id="D")
    story.tell("quality.deviation.recorded", "2026-01-01T00:00", due_on="2026-02-01")
    story.tell("quality.deviation.due_date_moved", "2026-01-20T00:00", due_on="2026-03-01")
    story.tell("quality.deviation.closed", "2026-02-10T00:00")
    story.tell("quality.deviation.reopened", "2026-02-12T00:00")
    row = story.one("deviation")
    assert (row["due_first_on"], row["due_on"], row["due_moves"]) == ("2026-02-01", "2026-03-01", 1)
    assert (row["open"], row["reopened"]) == (True, 1)
    story.tell("quality.deviation.closed", "2026-02-20T00:00")
    row = story.one("deviation")
    assert (row["open"], row["closed_us"]) == (False, at("2026-02-10"))
    assert row["last_closed_us"] == at("2026-02-20")


@pytest.mark.parametrize("text", ["2018-11", "31.03.2026", "2026-02-31", "soon"])
def test_due_date_that_is_no_day_counts_as_none(text: str) -> None:
    story = Story(from_="import", deviation_id="D", capa_id="C", batch_id="B")
    story.tell("quality.deviation.recorded", "2026-01-01T00:00", due_on=text)
    story.tell("quality.capa.opened", "2026-01-01T00:00", due_on=text)
    batch = {"product_code": "P", "product_name": "Product"}
    story.tell("batch.imported", "2026-01-01T00:00", promised_on=text, **batch)
    story.tell("release.promise.set", "2026-01-01T00:00", promised_on=text)
    assert [story.one(fact)["due_first_on"] for fact in ("deviation", "capa")] == [None, None]
    assert story.one("batch")["promised_on"] is None
    moved = {"due_on": "2026-03-01", "previous": text}
    story.tell("quality.deviation.due_date_moved", "2026-01-20T00:00", **moved)
    story.tell("release.promise.changed", "2026-01-20T00:00", promised_on="2026-03-01")
    assert story.one("deviation")["due_first_on"] is None
    assert story.one("batch")["promised_on"] == "2026-03-01"


def test_instant_on_record_is_due_on_its_day() -> None:
    story = Story(from_="import", deviation_id="D")
    due = {"due_on": "2026-03-31T22:00:00.000000Z"}
    story.tell("quality.deviation.recorded", "2026-01-01T00:00", **due)
    assert story.one("deviation")["due_first_on"] == "2026-03-31"


def test_capa_states_its_check_and_its_verdict() -> None:
    story = Story(capa_id="C")
    story.tell("quality.capa.opened", "2026-01-01T00:00", owner="quinn", due_on="2026-02-01")
    planned = {"metric": "K12", "baseline": "20 %", "target": "5 %", "horizon_days": 90}
    story.tell("quality.capa.effectiveness_planned", "2026-01-01T00:00", **planned)
    story.tell("quality.capa.due_date_moved", "2026-01-20T00:00", due_on="2026-03-01")
    story.tell("quality.capa.closed", "2026-02-20T00:00")
    story.tell("quality.capa.effectiveness_evaluated", "2026-06-01T00:00", verdict="effective")
    row = story.one("capa")
    assert (row["due_first_on"], row["horizon_days"], row["verdict"]) == (
        "2026-02-01",
        90,
        "effective",
    )


def test_change_and_complaint() -> None:
    story = batch(Story(from_="import"))
    story.tell("quality.change.opened", "2026-01-01T00:00", change_id="C", kind="mbr", mbr_id="M")
    story.tell("quality.change.implemented", "2026-02-01T00:00", change_id="C")
    story.tell("quality.complaint.received", "2026-03-01T00:00", complaint_id="X", batch_id="B")
    assert story.one("change")["implemented_us"] == at("2026-02-01")
    assert (story.one("complaint")["product_code"], story.one("complaint")["closed_us"]) == (
        "P",
        None,
    )


def test_mbr_version_counts_rounds_and_finds_its_first_use() -> None:
    story = Story(mbr_id="M", version=3)
    story.tell("mbr.requested", "2026-01-01T00:00", product_code="P")
    story.tell("mbr.drafted", "2026-01-02T00:00").tell("mbr.drafted", "2026-01-03T00:00")
    story.tell("mbr.submitted", "2026-01-04T00:00", approval_round=1)
    story.tell("mbr.returned", "2026-01-05T00:00")
    story.tell("mbr.submitted", "2026-01-06T00:00", approval_round=2)
    story.tell("mbr.approved", "2026-01-07T00:00").tell("mbr.approved", "2026-01-08T00:00")
    story.tell("mbr.effective", "2026-01-08T00:00")
    row = story.one("mbr_change")
    assert (row["drafted_us"], row["submitted_us"]) == (at("2026-01-02"), at("2026-01-04"))
    assert (row["rounds"], row["returned"], row["approved_us"]) == (2, 1, at("2026-01-08"))
    for name, day in (("B", "2026-02-02"), ("C", "2026-02-01")):
        story.tell("batch.imported", "2026-01-09T00:00", batch_id=name, mbr_version=3, **BATCH)
        story.tell("batch.started", f"{day}T00:00", batch_id=name)
    assert story.one("mbr_change")["first_used_us"] == at("2026-02-01")


def test_use_of_a_version_that_nobody_asked_for_makes_no_change() -> None:
    story = batch(Story(from_="import"))
    story.tell("batch.started", "2026-01-02T00:00", batch_id="B")
    assert story.all("mbr_change") == []


def test_review_sessions_of_each_reviewer_are_apart() -> None:
    story = Story(batch_id="B", function="quality")
    story.tell("release.review.opened", "2026-01-01T08:00", by="quinn")
    story.tell("release.review.opened", "2026-01-01T09:00", by="quentin")
    story.tell("release.review.closed", "2026-01-01T10:00", by="quinn", active_minutes="42.5")
    story.tell("release.record.returned", "2026-01-01T11:00", by="quentin")
    story.tell("release.review.opened", "2026-01-05T08:00", by="quinn")
    found = {(r["reviewer"], r["number"]): r for r in story.all("review")}
    assert sorted(found) == [("quentin", 1), ("quinn", 1), ("quinn", 2)]
    assert found["quinn", 1]["active_min"] == 42.5
    assert found["quentin", 1]["outcome"] == "returned"
    assert found["quinn", 2]["closed_us"] is None


def test_review_that_is_only_told_to_be_closed_is_a_session() -> None:
    story = Story(from_="import", batch_id="B", by="")
    story.tell("release.review.closed", "2026-01-01T10:00", function="production")
    row = story.one("review")
    assert (row["reviewer"], row["function"], row["opened_us"]) == ("", "production", None)


def test_disposition_counts_its_checks() -> None:
    story = batch(Story(from_="import", batch_id="B"))
    story.tell("release.check.opened", "2026-01-02T00:00", check="lab")
    story.tell("release.check.opened", "2026-01-02T00:00", check="audit trail")
    story.tell("release.check.closed", "2026-01-03T00:00", check="lab")
    story.tell("release.check.justified", "2026-01-03T00:00", check="audit trail")
    assert story.all("disposition") == []
    decided = {"decision": "rejected", "by": "paula"}
    story.tell("release.batch.decided", "2026-01-04T00:00", **decided)
    row = story.one("disposition")
    assert (row["checks"], row["checks_justified"], row["decided_by"]) == (2, 1, "paula")
    assert (row["decision"], row["line"]) == ("rejected", "L1")


def test_discrepancy_that_asks_for_no_deviation_is_closed_by_its_judgement() -> None:
    story = Story(batch_id="B", discrepancy_id="B/1")
    story.tell("batch.discrepancy.raised", "2026-01-02T00:00", code="alert_limit")
    story.tell("batch.discrepancy.answered", "2026-01-02T01:00")
    story.tell("quality.discrepancy.classified", "2026-01-03T00:00", route="comment")
    row = story.one("discrepancy")
    assert (row["route"], row["closed_us"]) == ("comment", at("2026-01-03"))
    assert row["answered_us"] == at("2026-01-02T01:00")


def test_signature_says_what_it_is_on() -> None:
    story = Story()
    signed = {"signer_id": "olga", "role": "operator", "meaning": "performed"}
    on_step = {"record": "batch/B", "subject": "step/S", **signed}
    story.tell("access.signature.applied", "2026-01-02T00:00", **on_step)
    on_master = {"record": "mbr/M", "subject": "version/1", **signed}
    story.tell("access.signature.applied", "2026-01-03T00:00", **on_master)
    theirs = {"batch_id": "B", "meaning": "review", "by": "sam"}
    story.tell("batch.step.signed", "2026-01-04T00:00", **theirs)
    found = [(r["batch_id"], r["step_id"], r["signer"]) for r in story.all("signature")]
    assert found == [("B", "S", "olga"), (None, None, "olga"), ("B", None, "sam")]


def test_equipment_intervals_follow_each_other_also_when_told_out_of_order() -> None:
    story = Story(from_="import", equipment_id="E")
    for hour, state in ((8, "setup"), (9, "busy"), (14, "cleaning"), (11, "down"), (6, "idle")):
        story.tell("equipment.state.entered", f"2026-01-02T{hour:02d}:00", state=state)
    rows = sorted(story.all("equipment_state"), key=lambda row: row["from_us"])
    found = [(row["state"], row["hours"]) for row in rows]
    assert found == [
        ("idle", 2.0),
        ("setup", 1.0),
        ("busy", 2.0),
        ("down", 3.0),
        ("cleaning", None),
    ]


def test_usage_has_its_kind_and_name() -> None:
    story = Story()
    story.tell("access.signed_in", "2026-01-02T00:00", person_id="olga", channel="web")
    story.tell("usage.feature.used", "2026-01-02T00:00", person_id="olga", feature="override")
    story.tell("usage.feedback.given", "2026-01-02T00:00", feedback_id="F", words="slow")
    story.tell("usage.feedback.answered", "2026-01-05T00:00", feedback_id="F", answer="mended")
    found = [(r["kind"], r["name"], r["person"], r["ref"]) for r in story.all("usage")]
    assert found == [
        ("session", "web", "olga", None),
        ("feature", "override", "olga", None),
        ("feedback", None, "olga", "F"),
        ("answer", None, "olga", "F"),
    ]
