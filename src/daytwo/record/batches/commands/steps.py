"""Verbs of a step: claim, complete, verify, correct."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daytwo.kernel.errors import Unknown
from daytwo.record.access.authority import Context, command
from daytwo.record.access.enums import Meaning, Permission
from daytwo.record.access.rules import check_other_person
from daytwo.record.batches.commands.advance import advance, raise_findings
from daytwo.record.batches.commands.uses import corrected_uses, uses_of
from daytwo.record.batches.enums import StepState
from daytwo.record.batches.errors import StepRefused
from daytwo.record.batches.events import (
    BatchHeld,
    BatchStarted,
    DiscrepancyRaised,
    EquipmentUsed,
    ManufactureEnded,
    MaterialConsumed,
    StepClaimed,
    StepCompleted,
    StepCorrected,
    StepOffered,
    StepVerified,
    ValueEntered,
    YieldRecorded,
)
from daytwo.record.batches.queries import (
    Place,
    batch,
    known,
    master_step,
    place,
    place_asked,
    step_content,
)
from daytwo.record.batches.rules.discrepancies import finding
from daytwo.record.batches.rules.entries import Known, evaluate, looks_back
from daytwo.record.batches.rules.states import (
    check_not_held,
    check_record_open,
    check_runs,
    check_step_turn,
    check_unblocked,
)
from daytwo.record.ledger.append import Pending
from daytwo.record.recipes.enums import SignatureNeed, StepKind
from daytwo.record.resources.events import EquipmentSoiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.record.batches.models import Batch, BatchStep
    from daytwo.record.ledger.sql import Asked
    from daytwo.record.recipes.document import Step

_UNCORRECTABLE = frozenset({StepKind.CHECK_EQUIPMENT, StepKind.CHARGE_MATERIAL})


def _locks(arguments: Mapping[str, Any]) -> list[str]:
    entry = arguments.get("entry") or {}
    scanned = (("lot", "lot"), ("equipment", "equipment"), ("equipment", "balance"))
    return [
        f"batch/{arguments['batch_id']}",
        *(f"{kind}/{text.strip()}" for kind, name in scanned if (text := str(entry.get(name, "")))),
    ]


def _place_asked(arguments: Mapping[str, Any]) -> tuple[Asked, ...]:
    return place_asked(arguments["batch_id"], arguments["step_id"])


def _performing_role(arguments: Mapping[str, Any]) -> str | None:
    """A step is done in the role that its master names."""
    try:
        return str(master_step(batch(arguments["batch_id"]), arguments["step_id"]).performed_by)
    except Unknown:
        return None


@dataclass(frozen=True, slots=True)
class _At:
    """A step in its batch, found to be workable by this person now."""

    seen: Place
    row: BatchStep
    master: Step

    @property
    def batch(self) -> Batch:
        return self.seen.batch

    @property
    def stream(self) -> str:
        return f"batch/{self.batch.id}"


def _at(ctx: Context, batch_id: str, step_id: str) -> _At:
    found = _found(batch_id, step_id)
    of = found.master
    if of.performed_by not in ctx.person.roles:
        raise StepRefused(
            "role",
            f"{step_id} is done by a {of.performed_by}. Nothing was changed.",
            {"who_can": [str(of.performed_by)]},
        )
    return found


def _found(batch_id: str, step_id: str) -> _At:
    seen = place(batch_id, step_id)
    check_record_open(seen.batch.record_state)
    of = master_step(seen.batch, step_id)
    if seen.row is None:
        raise Unknown("step.unknown", f"{batch_id} has no step {step_id}.")
    return _At(seen, seen.row, of)


@command(
    "batch.claim_step",
    permission=Permission.BATCH_EXECUTE,
    emits=(StepClaimed, BatchStarted),
    locks=_locks,
    acting=_performing_role,
    ahead=_place_asked,
)
def claim_step(ctx: Context, *, batch_id: str, step_id: str) -> list[Pending]:
    """Begin a step: the clock of the work starts."""
    at = _at(ctx, batch_id, step_id)
    _check_turn(at)
    if at.row.claimed_by == ctx.person.id:
        raise StepRefused("claimed", f"You have begun {step_id} already.")
    return _claim(at)


@command(
    "batch.complete_step",
    permission=Permission.BATCH_EXECUTE,
    emits=(
        StepClaimed,
        BatchStarted,
        ValueEntered,
        StepCompleted,
        StepOffered,
        ManufactureEnded,
        DiscrepancyRaised,
        BatchHeld,
        MaterialConsumed,
        EquipmentUsed,
        EquipmentSoiled,
        YieldRecorded,
    ),
    signed=(Meaning.PERFORMED,),
    locks=_locks,
    acting=_performing_role,
    ahead=_place_asked,
)
def complete_step(
    ctx: Context, *, batch_id: str, step_id: str, entry: dict[str, str]
) -> list[Pending]:
    """Enter what a step asks for, sign it where the master says so, and offer the next.

    Everything is asked on the server: turn, role, limits, lot, equipment, signature.

    Args:
        ctx: Who asks.
        batch_id: The batch.
        step_id: The step.
        entry: Text by field, as entered.

    References:
        21 CFR 211.188(b), 211.101, 211.110; 11.10(f), (g), (h).
    """
    at = _at(ctx, batch_id, step_id)
    _check_turn(at)
    outcome = evaluate(at.master, entry, _known(at))
    uses = uses_of(at.batch.id, at.master, outcome, ctx.now)
    due = at.master.signatures is SignatureNeed.PERFORMED_AND_VERIFIED
    pendings = [] if at.row.claimed_by == ctx.person.id else _claim(at)
    entered = ValueEntered(batch_id, step_id, outcome.entry, outcome.result, "manual")
    pendings += [Pending(at.stream, entered), *uses]
    if at.master.signatures is not SignatureNeed.NONE:
        signed = (outcome.entry, outcome.result, ctx.person.id, at.row.corrections)
        content = step_content(at.batch, at.master, *signed)
        pendings.append(ctx.sign(Meaning.PERFORMED, at.stream, f"step/{step_id}", content))
    word = "discrepant" if outcome.findings else "conforming"
    pendings.append(Pending(at.stream, StepCompleted(batch_id, step_id, word, due)))
    raised = raise_findings(at.batch, at.master, outcome.findings)
    pendings += raised
    state = StepState.DONE if due else StepState.VERIFIED
    return pendings + advance(at.batch, {step_id: state}, raised, seen=at.seen)


@command(
    "batch.verify_step",
    permission=Permission.BATCH_VERIFY,
    emits=(StepVerified, StepOffered, ManufactureEnded),
    signed=(Meaning.VERIFIED,),
    locks=_locks,
    ahead=_place_asked,
)
def verify_step(ctx: Context, *, batch_id: str, step_id: str) -> list[Pending]:
    """Check, as a second person, what was done, and sign it (21 CFR 211.188(b)(11))."""
    at = _found(batch_id, step_id)
    row = at.batch
    check_not_held(row.state)
    if at.row.state != StepState.DONE:
        raise StepRefused("not_done", f"{step_id} is {at.row.state}; there is nothing to verify.")
    check_other_person(str(at.row.performer_id), ctx.person.id, "Verifying a step")
    content = step_content(
        row,
        at.master,
        json.loads(at.row.entry),
        json.loads(at.row.result),
        str(at.row.performer_id),
        at.row.corrections,
    )
    signature = ctx.sign(Meaning.VERIFIED, at.stream, f"step/{step_id}", content)
    verified = Pending(at.stream, StepVerified(batch_id, step_id))
    becoming = {step_id: StepState.VERIFIED}
    return [signature, verified, *advance(row, becoming, (), seen=at.seen)]


@command(
    "batch.correct_step",
    permission=Permission.BATCH_EXECUTE,
    emits=(StepCorrected, DiscrepancyRaised, MaterialConsumed, BatchHeld, YieldRecorded),
    signed=(Meaning.CORRECTED,),
    locks=_locks,
    acting=_performing_role,
    ahead=_place_asked,
)
def correct_step(
    ctx: Context, *, batch_id: str, step_id: str, entry: dict[str, str], reason: str
) -> list[Pending]:
    """Correct an entry after sign-off: the old one stays, the earlier signatures show as void.

    Args:
        ctx: Who asks.
        batch_id: The batch.
        step_id: A step that is done.
        entry: The whole new entry.
        reason: Why; kept and shown with the correction.

    References:
        21 CFR 11.10(e), 11.70; EU GMP Chapter 4 4.9; Annex 11 §9.
    """
    at = _at(ctx, batch_id, step_id)
    check_not_held(at.batch.state)
    if at.row.state not in {StepState.DONE, StepState.VERIFIED}:
        raise StepRefused("not_done", f"{step_id} is {at.row.state}; enter it instead.")
    if at.master.kind in _UNCORRECTABLE:
        raise StepRefused("uncorrectable", f"{step_id} cannot be corrected; report what is wrong.")
    if not reason.strip():
        raise StepRefused("reason_missing", "Say why the entry is corrected.")
    old: dict[str, str] = json.loads(at.row.entry)
    outcome = evaluate(at.master, entry, _known(at))
    if outcome.entry == old and outcome.result == json.loads(at.row.result):
        raise StepRefused("unchanged", "The new entry is the same as the old one.")
    uses = corrected_uses(at.row, at.master, outcome, ctx.now)
    due = at.master.signatures is SignatureNeed.PERFORMED_AND_VERIFIED
    corrected = StepCorrected(batch_id, step_id, old, outcome.entry, outcome.result, due)
    signed = (outcome.entry, outcome.result, ctx.person.id, at.row.corrections + 1)
    content = step_content(at.batch, at.master, *signed)
    text = f"{at.master.title}: corrected from {_words(old)} to {_words(outcome.entry)}."
    found = (finding("corrected", text), *outcome.findings)
    return [
        Pending(at.stream, corrected, reason=reason),
        *uses,
        ctx.sign(Meaning.CORRECTED, at.stream, f"step/{step_id}", content),
        *raise_findings(at.batch, at.master, found),
    ]


def _known(at: _At) -> Known:
    """Read what earlier steps gave only where a step looks back: most do not."""
    return known(at.batch) if looks_back(at.master) else Known(at.batch.id, {}, {}, {})


def _check_turn(at: _At) -> None:
    check_runs(at.batch.state)
    check_unblocked(at.seen.blocking)
    offered = [s for s, state in at.seen.states.items() if state in {"offered", "claimed"}]
    check_step_turn(at.row.state, offered, at.row.step_id)


def _claim(at: _At) -> list[Pending]:
    pendings = [Pending(at.stream, StepClaimed(at.batch.id, at.row.step_id))]
    if at.batch.started_at is None:
        pendings.insert(0, Pending(at.stream, BatchStarted(at.batch.id)))
    return pendings


def _words(entry: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in entry.items()) or "nothing"
