"""Verbs of a step: begun, done, checked, corrected; who, what, when and why stay readable."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from daytwo.kernel.errors import DaytwoError
from daytwo.record.access.enums import Permission
from daytwo.record.access.rules import MATRIX
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.ledger.reading import head_version, stream_events
from daytwo.record.ledger.rebuild import compare
from daytwo.record.release.queries import all_signatures
from tests import floor
from tests.conftest import CAST, Person
from tests.record.attack import STREAM, refused
from tests.record.ledger.crowd import at_once
from tests.record.stages import IN_PROCESS

BATCH = floor.BATCH
FIRST, SECOND = "DSP-010", "DSP-020"


def complete(person, step_id: str, entry=None):
    entry = floor.entry_for(step_id) if entry is None else entry
    return person.does(b.complete_step, batch_id=BATCH, step_id=step_id, entry=entry)


def correct(person, value: str, step_id: str = IN_PROCESS, reason: str = "misread"):
    given = {"batch_id": BATCH, "step_id": step_id, "entry": {"value": value}}
    return person.does(b.correct_step, **given, reason=reason)


def verify(person, step_id: str):
    return person.does(b.verify_step, batch_id=BATCH, step_id=step_id)


def claim(person, step_id: str):
    return person.does(b.claim_step, batch_id=BATCH, step_id=step_id)


def signature_states(step_id: str = IN_PROCESS) -> list[tuple[str, str]]:
    found = all_signatures(q.batch(BATCH))
    return [(s.meaning, s.state) for s in found if s.subject == f"step/{step_id}"]


# ------------------------------------------------------------------ doing
@pytest.mark.requirement("R06")
def test_step_tells_who_what_and_when(issued, olga, otto):
    events = complete(olga, FIRST).events
    assert [e.type for e in events] == [
        "batch.started",
        "batch.step.claimed",
        "batch.step.value_entered",
        "access.signature.applied",
        "batch.step.completed",
    ]
    assert {(e.actor.id, e.actor.name, e.actor.role) for e in events} == {
        ("olga", "Olga Brandt", "operator")
    }
    assert {e.recorded_text for e in events} == {q.step(BATCH, FIRST).done_at}
    types = [e.type for e in verify(otto, FIRST).events]
    assert types == ["access.signature.applied", "batch.step.verified", "batch.step.offered"]
    row = q.step(BATCH, FIRST)
    assert (row.performer_name, row.verifier_name) == ("Olga Brandt", "Otto Vogel")
    assert row.done_at < row.verified_at
    assert json.loads(row.entry) == floor.entry_for(FIRST)


@pytest.mark.requirement("R26")
def test_only_one_step_is_offered_at_a_time(issued, olga, otto):
    for _ in range(4):
        offered = [s for s, state in q.step_states(BATCH).items() if state == "offered"]
        assert len(offered) == 1
        floor.do_step(olga, otto)


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("name", [n for n in CAST if n not in {"olga", "otto"}])
def test_nobody_but_an_operator_does_an_operators_step(issued, name):
    person = Person(name)
    may_execute = {"operator", "supervisor"} & set(CAST[name][1])
    code = "step.role" if may_execute else "access.not_permitted"
    with refused(code, person):
        complete(person, FIRST)
    with refused(code, person):
        claim(person, FIRST)


def test_roles_that_may_execute_are_those_of_the_floor():
    assert {str(r) for r in MATRIX[Permission.BATCH_EXECUTE]} == {"operator", "supervisor"}


@pytest.mark.requirement("R23")
def test_operator_does_no_supervisors_step(made, olga):
    with refused("step.role", olga, "batch.correct_step"):
        given = {"batch_id": BATCH, "step_id": "COT-090", "entry": {}}
        olga.does(b.correct_step, **given, reason="attempt")


def test_claimed_step_can_be_taken_over_but_not_claimed_twice(issued, olga, otto):
    claim(olga, FIRST)
    with refused("step.claimed", olga, "batch.claim_step"):
        claim(olga, FIRST)
    claim(otto, FIRST)
    row = q.step(BATCH, FIRST)
    assert (row.state, row.claimed_by) == ("claimed", "otto")
    assert q.batch(BATCH).started_at is not None
    complete(olga, FIRST)
    assert q.step(BATCH, FIRST).performer_id == "olga"
    assert [e.type for e in stream_events(STREAM)].count("batch.started") == 1


def test_two_who_send_at_the_same_moment_do_the_step_once(issued, olga, otto):
    before = head_version(STREAM)
    done = at_once([lambda p=p: complete(p, FIRST) for p in (olga, otto)])
    failed = [found for found in done if isinstance(found, DaytwoError)]
    assert [error.code for error in failed] in (["step.done"], ["signature.content_changed"])
    assert head_version(STREAM) == before + 5


def test_verifying_needs_something_done(issued, otto):
    with refused("step.not_done", otto):
        verify(otto, FIRST)


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("verb", [b.complete_step, b.claim_step, b.verify_step, b.correct_step])
def test_nothing_is_done_on_a_held_batch(compressing, olga, otto, sam, verb):
    complete(olga, IN_PROCESS, {"value": "200.0"})
    step_id = IN_PROCESS
    if verb in {b.complete_step, b.claim_step}:
        verify(otto, IN_PROCESS)
        step_id = "CMP-070"
    sam.does(b.hold_batch, batch_id=BATCH, reason="power cut")
    given: dict[str, object] = {"batch_id": BATCH, "step_id": step_id}
    if verb in {b.complete_step, b.correct_step}:
        given["entry"] = {"value": "201.0"}
    if verb is b.correct_step:
        given["reason"] = "misread"
    person = otto if verb is b.verify_step else olga
    with refused("batch.not_running" if step_id != IN_PROCESS else "batch.held", person, verb.name):
        person.does(verb, **given)


# ------------------------------------------------------------------ correcting
@pytest.mark.requirement("R13")
@pytest.mark.requirement("R16")
def test_correction_keeps_the_old_value_and_voids_the_signatures_on_it(made, olga, otto):
    old = floor.entry_for(IN_PROCESS)["value"]
    assert signature_states() == [("performed", "valid"), ("verified", "valid")]
    receipt = correct(olga, "201.0", reason="20 cores, not 19")

    corrected = receipt.events[0]
    assert (corrected.payload["old"], corrected.payload["entry"]) == (
        {"value": old},
        {"value": "201.0"},
    )
    assert (corrected.reason, corrected.actor.id) == ("20 cores, not 19", "olga")
    kept = [json.loads(e.entry)["value"] for e in q.entries(BATCH) if e.step_id == IN_PROCESS]
    assert kept == [old, "201.0"]
    assert q.entries(BATCH)[-1].reason == "20 cores, not 19"
    row = q.step(BATCH, IN_PROCESS)
    assert (row.state, row.corrections, row.verifier_id) == ("done", 1, None)
    assert signature_states() == [
        ("performed", "changed"),
        ("verified", "changed"),
        ("corrected", "valid"),
    ]
    [found] = q.discrepancies(BATCH)
    assert (found.code, found.step_id, found.answered_at) == ("corrected", IN_PROCESS, None)
    assert old in found.description
    assert "201.0" in found.description

    with refused("segregation.same_person", olga, "batch.verify_step"):
        verify(olga, IN_PROCESS)
    verify(otto, IN_PROCESS)
    assert q.step(BATCH, IN_PROCESS).state == "verified"
    assert signature_states()[-1] == ("verified", "valid")
    assert compare().equal


@pytest.mark.requirement("R16")
def test_signature_does_not_come_to_life_again_when_the_first_value_does(made, olga):
    old = floor.entry_for(IN_PROCESS)["value"]
    correct(olga, "201.0")
    correct(olga, old, reason="it was right")
    assert signature_states() == [
        ("performed", "changed"),
        ("verified", "changed"),
        ("corrected", "changed"),
        ("corrected", "valid"),
    ]
    assert q.step(BATCH, IN_PROCESS).state == "done"


@pytest.mark.requirement("R06")
@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_correction_without_reason_is_refused(made, olga, reason):
    with refused("step.reason_missing", olga, "batch.correct_step"):
        correct(olga, "201.0", reason=reason)


def test_correction_that_changes_nothing_is_refused(made, olga):
    with refused("step.unchanged", olga):
        correct(olga, floor.entry_for(IN_PROCESS)["value"])


def test_step_not_done_yet_is_entered_not_corrected(issued, olga):
    with refused("step.not_done", olga):
        olga.does(
            b.correct_step,
            batch_id=BATCH,
            step_id=FIRST,
            entry=floor.entry_for(FIRST),
            reason="attempt",
        )


@pytest.mark.parametrize("step_id", ["DSP-020", "GRN-020"])
def test_what_was_charged_and_assigned_cannot_be_corrected(made, olga, step_id):
    with refused("step.uncorrectable", olga):
        olga.does(
            b.correct_step,
            batch_id=BATCH,
            step_id=step_id,
            entry=floor.entry_for(step_id),
            reason="attempt",
        )


@pytest.mark.requirement("R13")
def test_correction_is_judged_like_an_entry(made, olga):
    with refused("entry.decimals", olga):
        correct(olga, "201")
    correct(olga, "250.0")
    codes = [(d.code, d.blocking) for d in q.discrepancies(BATCH)]
    assert codes == [("corrected", False), ("action_limit", True)]
    row = q.batch(BATCH)  # manufacture has ended: there is no work to hold
    assert (row.state, row.ended_at is not None) == ("complete", True)


def test_correction_out_of_limits_holds_a_running_batch_for_that_reason(compressing, olga, otto):
    floor.do_step(olga, otto)
    correct(olga, "250.0")
    row = q.batch(BATCH)
    assert row.state == "held"
    assert "action limits" in row.hold_reason


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R34")
def test_corrected_weight_makes_the_yield_be_calculated_anew(made, olga, otto, sam):
    weight = floor.entry_for("COT-080")["value"]
    more = str(Decimal(weight) + Decimal("0.500"))
    before = json.loads(q.step(BATCH, "COT-090").result)["percent"]
    correct(olga, more, "COT-080")
    assert q.stale_results(q.batch(BATCH)) == ["COT-090"]

    sam.does(
        b.correct_step, batch_id=BATCH, step_id="COT-090", entry={}, reason="weight was corrected"
    )
    after = json.loads(q.step(BATCH, "COT-090").result)["percent"]
    expected = (Decimal(more) / Decimal("49.440") * 100).quantize(Decimal("0.1"))
    assert after == f"{expected} %"
    assert after != before
    assert q.stale_results(q.batch(BATCH)) == []
    assert [v.value for v in q.values(BATCH) if v.name == "COT-090"][-1] == str(expected)
    with refused("step.unchanged", sam):
        sam.does(b.correct_step, batch_id=BATCH, step_id="COT-090", entry={}, reason="once more")


def test_correction_of_an_earlier_step_waits_for_its_check_before_the_next_is_offered(
    compressing, olga, otto
):
    correct(olga, "2.1", "GRN-090")
    complete(olga, IN_PROCESS)
    verify(otto, IN_PROCESS)
    assert "offered" not in q.step_states(BATCH).values()
    verify(otto, "GRN-090")
    assert q.step(BATCH, "CMP-070").state == "offered"
