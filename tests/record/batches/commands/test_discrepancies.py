"""Verbs of discrepancies: reported, answered by another person, and nothing goes on unanswered."""

from __future__ import annotations

import pytest

from daytwo.kernel.errors import Unknown
from daytwo.record.access import commands as people
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.release.queries import all_signatures
from tests import floor
from tests.conftest import CAST, Person
from tests.record.attack import refused
from tests.record.stages import IN_PROCESS

BATCH = floor.BATCH
NEXT = "CMP-070"


def complete(person, value: str, step_id: str = IN_PROCESS):
    given = {"batch_id": BATCH, "step_id": step_id}
    return person.does(b.complete_step, **given, entry={"value": value})


def answer(person, number: int = 1, text: str = "press adjusted, cores rejected"):
    given = {"batch_id": BATCH, "discrepancy_id": f"{BATCH}/{number}"}
    return person.does(b.answer_discrepancy, **given, answer=text)


def report(person, step_id: str | None = None, *, stop: bool = False, text: str = "tablets stick"):
    given = {"batch_id": BATCH, "step_id": step_id}
    return person.does(b.report_discrepancy, **given, description=text, stop_work=stop)


@pytest.mark.requirement("R35")
def test_value_outside_action_limits_stops_everything_until_a_supervisor_answers(
    compressing, olga, otto, sam
):
    complete(olga, "206.1")
    [found] = q.discrepancies(BATCH)
    assert (found.code, found.discrepancy_class, found.severity, found.blocking) == (
        "action_limit",
        "value",
        "major",
        True,
    )
    assert "206.1 mg" in found.description
    assert "194.0 mg to 206.0 mg" in found.description
    assert (found.raised_by, found.step_id) == ("Olga Brandt", IN_PROCESS)
    row = q.batch(BATCH)
    assert (row.state, row.hold_reason) == ("held", f"{IN_PROCESS}: {found.description}")

    sam.does(b.resume_batch, batch_id=BATCH, reason="to have it checked")
    otto.does(b.verify_step, batch_id=BATCH, step_id=IN_PROCESS)
    assert "offered" not in q.step_states(BATCH).values()
    with refused("step.blocked", olga, "batch.complete_step"):
        complete(olga, "80", NEXT)
    with refused("step.blocked", olga, "batch.claim_step"):
        olga.does(b.claim_step, batch_id=BATCH, step_id=NEXT)

    types = [e.type for e in answer(sam).events]
    assert types == [
        "access.signature.applied",
        "batch.discrepancy.answered",
        "batch.step.offered",
    ]
    assert q.step(BATCH, NEXT).state == "offered"
    [signed] = [s for s in all_signatures(q.batch(BATCH)) if s.meaning == "answered"]
    assert (signed.subject, signed.signer_name, signed.state) == (
        "discrepancy/1",
        "Sam Keller",
        "valid",
    )
    complete(olga, "80", NEXT)


def test_value_outside_alert_limits_is_told_and_does_not_stop(compressing, olga, otto):
    complete(olga, "204.1")
    otto.does(b.verify_step, batch_id=BATCH, step_id=IN_PROCESS)
    [found] = q.discrepancies(BATCH)
    assert (found.code, found.severity, found.blocking) == ("alert_limit", "minor", False)
    assert (q.batch(BATCH).state, q.step(BATCH, NEXT).state) == ("running", "offered")


def test_discrepancy_without_hold_blocks_and_does_not_hold(compressing, olga, otto, sam):
    floor.do_until(olga, otto, "CMP-080")
    complete(olga, "3.61", "CMP-080")
    assert q.batch(BATCH).state == "running"
    assert "offered" not in q.step_states(BATCH).values()
    answer(sam)
    assert q.step(BATCH, "CMP-090").state == "offered"


@pytest.mark.requirement("R35")
def test_stop_work_stops_the_step_that_is_due(compressing, olga, otto, sam):
    report(otto, IN_PROCESS, stop=True)
    with refused("step.blocked", olga, "batch.complete_step"):
        complete(olga, "200.0")
    answer(sam)
    complete(olga, "200.0")


def test_report_without_stop_lets_the_work_go_on(compressing, olga, otto):
    report(otto)
    complete(olga, "200.0")
    [found] = q.discrepancies(BATCH)
    assert (found.code, found.blocking, found.step_id) == ("reported", False, None)


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("name", [n for n in CAST if n != "sam"])
def test_only_a_supervisor_answers(compressing, olga, name):
    complete(olga, "206.1")
    person = Person(name)
    with refused("access.not_permitted", person, "batch.answer_discrepancy"):
        answer(person)


@pytest.mark.requirement("R23")
def test_who_did_the_step_does_not_answer_for_it(compressing, ada, olga):
    ada.does(people.grant_role, person_id="olga", role="supervisor", reason="to attempt it")
    complete(olga, "206.1")
    with refused("segregation.same_person", olga, "batch.answer_discrepancy"):
        answer(olga)


@pytest.mark.requirement("R13")
def test_answer_stands(compressing, olga, sam):
    complete(olga, "206.1")
    answer(sam, text="  press adjusted  ")
    with refused("batch.answered", sam):
        answer(sam, text="something better")
    [found] = q.discrepancies(BATCH)
    assert (found.answer, found.answered_by) == ("press adjusted", "Sam Keller")


@pytest.mark.requirement("R06")
@pytest.mark.parametrize("text", ["", " \t\n", "x" * 4001])
def test_saying_nothing_or_too_much_is_refused(compressing, olga, otto, sam, text):
    complete(olga, "206.1")
    code = "batch.text_long" if text.strip() else "batch.text_missing"
    with refused(code, sam):
        answer(sam, text=text)
    with refused(code, otto):
        report(otto, text=text)
    with refused(code, otto):
        otto.does(b.add_comment, batch_id=BATCH, step_id=None, comment=text)


def test_unknown_discrepancy_and_step_are_named(compressing, sam, otto):
    with pytest.raises(Unknown, match=f"{BATCH}/7"):
        answer(sam, 7)
    with pytest.raises(Unknown):
        report(otto, "XXX-999")
    with pytest.raises(Unknown):
        otto.does(b.add_comment, batch_id="B-9999", step_id=None, comment="lost")


def test_discrepancy_of_another_batch_is_not_answered_here(compressing, olga, sam):
    complete(olga, "206.1")
    floor.issue(sam, "B-0002")
    with pytest.raises(Unknown):
        sam.does(
            b.answer_discrepancy,
            batch_id="B-0002",
            discrepancy_id=f"{BATCH}/1",
            answer="wrong batch",
        )


def test_numbers_of_discrepancies_follow_each_other(compressing, olga, otto):
    for n in range(1, 4):
        report(otto)
        assert [d.id for d in q.discrepancies(BATCH)] == [f"{BATCH}/{k}" for k in range(1, n + 1)]


def test_comment_is_kept_with_its_step_and_person(compressing, otto):
    otto.does(b.add_comment, batch_id=BATCH, step_id=IN_PROCESS, comment=" noisy press ")
    [said] = q.comments(BATCH)
    assert (said.comment, said.step_id, said.person_name) == (
        "noisy press",
        IN_PROCESS,
        "Otto Vogel",
    )
