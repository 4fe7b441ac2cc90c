"""Six violations, each attempted: refused, on record, and the record as it was.

A reader needs no more than this page: every test attempts one violation on a real record, with
real persons, passwords and signatures. `refused` (tests/record/attack.py) asserts that the command
was refused with the given code, that who, what, why and the target of the attempt are a row of
refusals and an event `access.command.refused` in the ledger, and that the record that was aimed at
has no new event. `untouched` then verifies the whole chain and compares every row with the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.kernel.ids import new_id
from daytwo.record.access import commands as people
from daytwo.record.access.ceremony import Signing
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.verify import verify
from daytwo.record.recipes import commands as r
from tests import floor
from tests.conftest import PASSWORD, Person
from tests.record.attack import refused
from tests.record.stages import IN_PROCESS

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND = "DSP-010", "DSP-020"


def arguments(step_id: str) -> dict[str, object]:
    return {"batch_id": floor.BATCH, "step_id": step_id, "entry": floor.entry_for(step_id)}


def signed(person: Person, command, **given: object) -> Signing:
    """Look at what a command asks to be signed, and sign it with both components."""
    return Signing(command.rehearse(person.by, **given).challenge, PASSWORD)


def send(person: Person, command, signing: Signing | None, **given: object):
    """Send a request as a program would, past every screen."""
    return command(person.by, command_id=new_id(), signing=signing, **given)


def untouched(site: Path) -> None:
    assert verify(site).ok
    assert compare().equal


@pytest.mark.requirement("R26")
def test_step_out_of_order_is_refused_and_recorded(issued, olga, otto):
    with refused("step.order", olga, "batch.complete_step"):
        send(olga, b.complete_step, None, **arguments(SECOND))
    with refused("step.order", olga, "batch.claim_step"):
        olga.does(b.claim_step, batch_id=floor.BATCH, step_id=SECOND)
    with refused("step.not_done", otto, "batch.verify_step"):
        otto.does(b.verify_step, batch_id=floor.BATCH, step_id=FIRST)

    first = arguments(FIRST)
    send(olga, b.complete_step, signed(olga, b.complete_step, **first), **first)
    with refused("step.order", olga, "batch.complete_step"):  # done, but not yet verified
        send(olga, b.complete_step, None, **arguments(SECOND))
    with refused("step.done", olga, "batch.complete_step"):
        send(olga, b.complete_step, None, **first)
    untouched(issued)


@pytest.mark.requirement("R19")
@pytest.mark.requirement("R26")
def test_signature_skipped_is_refused_and_recorded(issued, olga, otto):
    given = arguments(FIRST)
    with refused("signature.missing", olga, "batch.complete_step"):
        send(olga, b.complete_step, None, **given)
    with refused("signature.challenge", olga, "batch.complete_step"):  # made up
        send(olga, b.complete_step, Signing("nothing that was shown", PASSWORD), **given)
    with refused("access.credentials", olga, "batch.complete_step"):
        challenge = b.complete_step.rehearse(olga.by, **given).challenge
        send(olga, b.complete_step, Signing(challenge, "not her password"), **given)
    with refused("signature.challenge", otto, "batch.complete_step"):  # shown to her, sent by him
        send(otto, b.complete_step, signed(olga, b.complete_step, **given), **given)
    assert q.step(floor.BATCH, FIRST).state == "offered"
    untouched(issued)


@pytest.mark.requirement("R23")
@pytest.mark.requirement("R29")
def test_own_approval_of_a_master_is_refused_and_recorded(site, ada, aron, sam, quinn):
    mbr = floor.MASTER.id
    aron.does(r.draft, mbr_id=mbr, yaml=floor.EXAMPLE, reason="first version")
    aron.does(r.submit, mbr_id=mbr, number=1)
    with refused("access.not_permitted", aron, "mbr.approve", f"mbr/{mbr}"):
        send(aron, r.approve, None, mbr_id=mbr, number=1)

    for role in ("supervisor", "quality"):  # even with every right that an approver has
        ada.does(people.grant_role, person_id="aron", role=role, reason="to attempt it")
    with refused("mbr.own_approval", aron, "mbr.check", f"mbr/{mbr}"):
        send(aron, r.check, None, mbr_id=mbr, number=1)
    with refused("mbr.own_approval", aron, "mbr.approve", f"mbr/{mbr}"):
        send(aron, r.approve, None, mbr_id=mbr, number=1)

    sam.does(r.check, mbr_id=mbr, number=1)
    ada.does(people.grant_role, person_id="sam", role="quality", reason="to attempt it")
    with refused("mbr.approval_twice", sam, "mbr.approve", f"mbr/{mbr}"):  # one cannot be two
        send(sam, r.approve, None, mbr_id=mbr, number=1)
    untouched(site)


@pytest.mark.requirement("R23")
@pytest.mark.requirement("R34")
def test_own_verification_of_a_step_is_refused_and_recorded(issued, olga):
    olga.does(b.complete_step, **arguments(FIRST))
    with refused("segregation.same_person", olga, "batch.verify_step"):
        olga.does(b.verify_step, batch_id=floor.BATCH, step_id=FIRST)
    assert q.step(floor.BATCH, FIRST).state == "done"
    untouched(issued)


@pytest.mark.requirement("R06")
@pytest.mark.requirement("R26")
def test_edit_after_completion_is_refused_and_recorded(completed, olga, otto, sam):
    here = {"batch_id": floor.BATCH}
    step = {**here, "step_id": IN_PROCESS}
    attempts = [
        (olga, b.correct_step, {**step, "entry": {"value": "201.0"}, "reason": "better"}),
        (olga, b.complete_step, {**step, "entry": {"value": "201.0"}}),
        (olga, b.claim_step, step),
        (otto, b.verify_step, step),
        (olga, b.report_discrepancy, {**step, "description": "late", "stop_work": False}),
        (olga, b.add_comment, {**step, "comment": "late"}),
        (sam, b.answer_discrepancy, {**here, "discrepancy_id": f"{floor.BATCH}/1", "answer": "-"}),
    ]
    for person, command, given in attempts:
        with refused("batch.record_closed", person, command.name):
            send(person, command, None, **given)
    with refused("batch.record_state", sam, "batch.complete_record"):
        send(sam, b.complete_record, None, **here)
    with refused("batch.state", sam, "batch.hold"):
        sam.does(b.hold_batch, **here, reason="too late")
    untouched(completed)


@pytest.mark.requirement("R26")
@pytest.mark.requirement("R31")
def test_completing_with_pending_steps_is_refused_and_recorded(compressing, olga, sam):
    with refused("batch.steps_open", sam, "batch.complete_record"):
        send(sam, b.complete_record, None, batch_id=floor.BATCH)
    olga.does(b.complete_step, **arguments(IN_PROCESS))  # done, but not verified
    with refused("batch.steps_open", sam, "batch.complete_record"):
        send(sam, b.complete_record, None, batch_id=floor.BATCH)
    untouched(compressing)


@pytest.mark.requirement("R26")
def test_completing_with_one_step_not_verified_is_refused_and_recorded(made, olga, sam):
    given = {"batch_id": floor.BATCH, "step_id": IN_PROCESS}
    olga.does(b.correct_step, **given, entry={"value": "201.0"}, reason="misread")
    with refused("batch.steps_open", sam, "batch.complete_record"):
        send(sam, b.complete_record, None, batch_id=floor.BATCH)
    untouched(made)


@pytest.mark.requirement("R16")
@pytest.mark.requirement("R19")
def test_replayed_signature_is_refused_and_recorded(issued, olga, otto):
    first, second = arguments(FIRST), arguments(SECOND)
    used = signed(olga, b.complete_step, **first)
    send(olga, b.complete_step, used, **first)
    with refused("step.done", olga, "batch.complete_step"):  # the same request, a new command id
        send(olga, b.complete_step, used, **first)
    checked = signed(otto, b.verify_step, batch_id=floor.BATCH, step_id=FIRST)
    send(otto, b.verify_step, checked, batch_id=floor.BATCH, step_id=FIRST)
    with refused("signature.replayed", olga, "batch.complete_step"):  # for the step that follows
        send(olga, b.complete_step, used, **second)
    with refused("step.not_done", otto, "batch.verify_step"):
        send(otto, b.verify_step, checked, batch_id=floor.BATCH, step_id=FIRST)
    untouched(issued)


@pytest.mark.requirement("R16")
def test_signature_for_another_entry_is_refused_and_recorded(compressing, olga):
    given = arguments(IN_PROCESS)
    shown = signed(olga, b.complete_step, **given)
    with refused("signature.content_changed", olga, "batch.complete_step"):
        send(olga, b.complete_step, shown, **{**given, "entry": {"value": "203.9"}})
    untouched(compressing)


@pytest.mark.requirement("R19")
def test_command_id_sent_twice_is_one_act(issued, olga):
    """A repeat after a lost answer is no violation: it gets the first answer, and adds nothing."""
    given, command_id = arguments(FIRST), new_id()
    signing = signed(olga, b.complete_step, **given)
    first = b.complete_step(olga.by, command_id=command_id, signing=signing, **given)
    again = b.complete_step(olga.by, command_id=command_id, signing=signing, **given)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.events == first.events
    with refused("ledger.command_reused", olga, "batch.complete_step"):
        other = {**given, "step_id": SECOND}
        b.complete_step(olga.by, command_id=command_id, signing=signing, **other)
    untouched(issued)
