"""Verbs of orders: a batch is a frozen copy of the approved master; a hold stops everything."""

from __future__ import annotations

import pytest

from daytwo.kernel.errors import Unknown
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.ledger.reading import stream_events
from daytwo.record.recipes import commands as r
from daytwo.record.recipes.document import load
from daytwo.record.recipes.queries import version
from tests import floor
from tests.conftest import Person
from tests.record.attack import STREAM, refused
from tests.record.recipes.example import changed

BATCH = floor.BATCH
ORDER = {"batch_id": BATCH, "order_id": "O-1", "mbr_id": floor.MASTER.id, "number": 1}


def approve_second(change) -> str:
    """Bring a changed second version into effect; return its hash."""
    aron, sam, quinn = map(Person, ("aron", "sam", "quinn"))
    text, mbr = changed(change), floor.MASTER.id
    aron.does(r.draft, mbr_id=mbr, yaml=text, reason="tighter limits")
    aron.does(r.submit, mbr_id=mbr, number=2)
    sam.does(r.check, mbr_id=mbr, number=2)
    quinn.does(r.approve, mbr_id=mbr, number=2)
    return load(text).content_hash


def tighten(content, steps) -> None:
    steps["CMP-060"]["action_high"] = "204.5 mg"
    steps["CMP-060"]["title"] = "Mean weight, tightened"


@pytest.mark.requirement("R30")
def test_issued_copy_has_the_hash_of_the_approved_master(issued):
    row = q.batch(BATCH)
    approved = version(floor.MASTER.id, 1)
    assert row.mbr_hash == approved.content_hash == load(floor.EXAMPLE).content_hash
    planned = stream_events(STREAM)[0]
    assert planned.payload["mbr_hash"] == row.mbr_hash
    assert [s["id"] for s in planned.payload["steps"]] == [p.step.id for p in floor.MASTER.steps()]
    assert q.master(row) == floor.MASTER


@pytest.mark.requirement("R30")
def test_master_edited_after_issue_does_not_change_the_running_batch(compressing, olga, sam):
    before = q.batch(BATCH).mbr_hash
    second = approve_second(tighten)
    row = q.batch(BATCH)
    assert row.mbr_hash == before != second
    assert q.master_step(row, "CMP-060").title == "Mean weight of 20 cores"
    given = {"batch_id": BATCH, "step_id": "CMP-060", "entry": {"value": "205.0"}}
    olga.does(b.complete_step, **given)
    assert [d.code for d in q.discrepancies(BATCH)] == ["alert_limit"]  # as the first version says

    sam.does(b.issue_order, **ORDER | {"batch_id": "B-0002", "number": 2})
    new = q.batch("B-0002")
    assert (new.mbr_version, new.mbr_hash) == (2, second)
    assert q.master_step(new, "CMP-060").title == "Mean weight, tightened"


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("until", ["drafted", "submitted", "checked"])
def test_master_not_approved_by_two_cannot_be_issued(site, aron, sam, until):
    mbr = floor.MASTER.id
    aron.does(r.draft, mbr_id=mbr, yaml=floor.EXAMPLE, reason="first version")
    if until != "drafted":
        aron.does(r.submit, mbr_id=mbr, number=1)
    if until == "checked":
        sam.does(r.check, mbr_id=mbr, number=1)
    with refused("batch.master_not_effective", sam, "order.issue"):
        sam.does(b.issue_order, **ORDER)
    with pytest.raises(Unknown):
        q.batch(BATCH)


@pytest.mark.requirement("R30")
def test_superseded_master_cannot_be_issued(issued, sam):
    approve_second(tighten)
    with refused("batch.master_not_effective", sam, stream="batch/B-0002"):
        sam.does(b.issue_order, **ORDER | {"batch_id": "B-0002"})


@pytest.mark.requirement("R17")
def test_batch_number_is_never_given_twice(issued, sam):
    with refused("batch.exists", sam):
        sam.does(b.issue_order, **ORDER)


def test_master_that_asks_for_qualifications_is_not_issued_while_nothing_checks_them(issued, sam):
    def ask(content, steps):
        steps["DSP-030"]["qualification"] = "POTENT-1"

    approve_second(ask)
    with refused("batch.qualification", sam, stream="batch/B-0002"):
        sam.does(b.issue_order, **ORDER | {"batch_id": "B-0002", "number": 2})


def test_master_that_leaves_checks_to_devices_is_not_issued_while_none_is_connected(issued, sam):
    def ask(content, steps):
        steps["DSP-030"] |= {"check": "automatic", "check_reason": "Load cell, validation VR-12."}
        steps["DSP-030"]["signatures"] = "performed"

    approve_second(ask)
    with refused("batch.automatic_check", sam, stream="batch/B-0002"):
        sam.does(b.issue_order, **ORDER | {"batch_id": "B-0002", "number": 2})


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"batch_id": ""}, "batch.number_missing"),
        ({"order_id": ""}, "batch.order_missing"),
        ({"promised_on": "31.12.2026"}, "batch.promised"),
        ({"promised_on": "2026-02-30"}, "batch.promised"),
    ],
)
def test_incomplete_order_is_refused(issued, sam, wrong, code):
    given = ORDER | {"batch_id": "B-0002"} | wrong
    with refused(code, sam, stream=f"batch/{given['batch_id']}"):
        sam.does(b.issue_order, **given)


def test_promise_is_kept_as_a_day(issued, sam):
    sam.does(b.issue_order, **ORDER | {"batch_id": "B-0002", "promised_on": "20270131"})
    assert q.batch("B-0002").promised_on == "2027-01-31"


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("name", ["olga", "quinn", "paula", "aron", "ada", "stan"])
def test_only_a_supervisor_issues_holds_and_resumes(issued, name):
    person = Person(name)
    with refused("access.not_permitted", person, "order.issue", "batch/B-2"):
        person.does(b.issue_order, **ORDER | {"batch_id": "B-2"})
    for verb in (b.hold_batch, b.resume_batch):
        with refused("access.not_permitted", person):
            person.does(verb, batch_id=BATCH, reason="attempt")


# ------------------------------------------------------------------ holds
@pytest.mark.requirement("R06")
def test_hold_and_resume_tell_why(issued, sam):
    for reason in ("", "  "):
        with refused("batch.reason_missing", sam):
            sam.does(b.hold_batch, batch_id=BATCH, reason=reason)
    with refused("batch.not_held", sam):
        sam.does(b.resume_batch, batch_id=BATCH, reason="attempt")
    sam.does(b.hold_batch, batch_id=BATCH, reason="power cut")
    assert (q.batch(BATCH).state, q.batch(BATCH).hold_reason) == ("held", "power cut")
    with refused("batch.state", sam):
        sam.does(b.hold_batch, batch_id=BATCH, reason="again")
    with refused("batch.reason_missing", sam):
        sam.does(b.resume_batch, batch_id=BATCH, reason=" ")
    sam.does(b.resume_batch, batch_id=BATCH, reason="power is back")
    assert (q.batch(BATCH).state, q.batch(BATCH).hold_reason) == ("ready", "")
    assert [e.reason for e in stream_events(STREAM)[-2:]] == ["power cut", "power is back"]


@pytest.mark.requirement("R26")
def test_hold_at_the_last_step_is_not_ended_by_answering(made_but_last, sam):
    """Found by attack: the answer ended manufacture, and the hold was gone without a word."""
    last = {"batch_id": BATCH, "step_id": "COT-090"}
    stop = {**last, "description": "drum 3 is not labelled", "stop_work": True}
    Person("olga").does(b.report_discrepancy, **stop)
    with refused("step.blocked", sam, "batch.complete_step"):
        sam.does(b.complete_step, **last, entry={})
    sam.does(b.answer_discrepancy, batch_id=BATCH, discrepancy_id=f"{BATCH}/1", answer="labelled")
    sam.does(b.complete_step, **last, entry={})
    assert q.batch(BATCH).state == "complete"


@pytest.mark.requirement("R26")
def test_nothing_ends_on_a_held_batch_until_it_is_resumed(made_but_last, ada, sam):
    from daytwo.record.access import commands as people

    ada.does(people.grant_role, person_id="otto", role="supervisor", reason="second supervisor")
    weight = {"batch_id": BATCH, "step_id": "COT-080"}
    Person("olga").does(b.correct_step, **weight, entry={"value": "40.000"}, reason="misread")
    sam.does(b.answer_discrepancy, batch_id=BATCH, discrepancy_id=f"{BATCH}/1", answer="reread")
    sam.does(b.complete_step, batch_id=BATCH, step_id="COT-090", entry={})
    assert [d.code for d in q.discrepancies(BATCH)] == ["corrected", "yield_limit"]
    sam.does(b.hold_batch, batch_id=BATCH, reason="where are the tablets?")

    otto = Person("otto")
    otto.does(b.answer_discrepancy, batch_id=BATCH, discrepancy_id=f"{BATCH}/2", answer="found")
    assert (q.batch(BATCH).state, q.batch(BATCH).ended_at) == ("held", None)
    with refused("batch.not_ended", sam, "batch.complete_record"):
        sam.does(b.complete_record, batch_id=BATCH)
    sam.does(b.resume_batch, batch_id=BATCH, reason="they were in drum 4")
    row = q.batch(BATCH)
    assert (row.state, row.ended_at is not None) == ("complete", True)
    sam.does(b.complete_record, batch_id=BATCH)


def test_what_a_hold_kept_back_is_offered_when_it_ends(compressing, olga, otto, sam):
    given = {"batch_id": BATCH, "step_id": "CMP-060"}
    olga.does(b.complete_step, **given, entry={"value": "206.1"})
    assert q.batch(BATCH).state == "held"
    sam.does(b.resume_batch, batch_id=BATCH, reason="to have it checked")
    otto.does(b.verify_step, **given)
    sam.does(b.hold_batch, batch_id=BATCH, reason="until answered")
    sam.does(b.answer_discrepancy, batch_id=BATCH, discrepancy_id=f"{BATCH}/1", answer="adjusted")
    assert q.step(BATCH, "CMP-070").state == "pending"
    sam.does(b.resume_batch, batch_id=BATCH, reason="answered")
    assert q.step(BATCH, "CMP-070").state == "offered"
