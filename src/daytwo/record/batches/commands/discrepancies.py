"""Verbs of discrepancies: report one, answer one, comment."""

from __future__ import annotations

from daytwo.kernel.errors import Unknown
from daytwo.record.access.authority import Context, command
from daytwo.record.access.enums import Meaning, Permission
from daytwo.record.access.rules import check_other_person
from daytwo.record.batches.commands.advance import advance, discrepancy
from daytwo.record.batches.commands.orders import batch_stream
from daytwo.record.batches.errors import BatchRefused
from daytwo.record.batches.events import (
    CommentAdded,
    DiscrepancyAnswered,
    DiscrepancyRaised,
    ManufactureEnded,
    StepOffered,
)
from daytwo.record.batches.models import Discrepancy
from daytwo.record.batches.queries import (
    batch,
    discrepancy_content,
    next_discrepancy_number,
    step,
)
from daytwo.record.batches.rules.discrepancies import finding
from daytwo.record.batches.rules.states import check_record_open
from daytwo.record.ledger.append import Pending


@command(
    "batch.report_discrepancy",
    permission=Permission.DISCREPANCY_RAISE,
    emits=(DiscrepancyRaised,),
    locks=batch_stream,
)
def report_discrepancy(
    ctx: Context,  # noqa: ARG001
    *,
    batch_id: str,
    step_id: str | None,
    description: str,
    stop_work: bool,
) -> list[Pending]:
    """Say that something is wrong; with `stop_work` no further step is offered until answered."""
    row = batch(batch_id)
    check_record_open(row.record_state)
    if step_id:
        step(batch_id, step_id)
    text = _text(description)
    found = finding("reported_stop" if stop_work else "reported", text)
    number = next_discrepancy_number(batch_id)
    raised = discrepancy(batch_id, number, step_id or None, found)
    return [Pending(f"batch/{batch_id}", raised)]


@command(
    "batch.answer_discrepancy",
    permission=Permission.BATCH_SUPERVISE,
    emits=(DiscrepancyAnswered, StepOffered, ManufactureEnded),
    signed=(Meaning.ANSWERED,),
    locks=batch_stream,
)
def answer_discrepancy(
    ctx: Context, *, batch_id: str, discrepancy_id: str, answer: str
) -> list[Pending]:
    """Say, and sign, what was found and done; what it blocked goes on (21 CFR 211.100(b))."""
    row = batch(batch_id)
    check_record_open(row.record_state)
    found = Discrepancy.objects.filter(id=discrepancy_id, batch_id=batch_id).first()
    if found is None:
        raise Unknown("discrepancy.unknown", f"{batch_id} has no discrepancy {discrepancy_id}.")
    if found.answered_at is not None:
        raise BatchRefused("answered", f"{discrepancy_id} was answered already.")
    if found.step_id:
        performer = step(batch_id, found.step_id).performer_id
        check_other_person(str(performer), ctx.person.id, "Answering a discrepancy")
    text = _text(answer)
    stream = f"batch/{batch_id}"
    content = discrepancy_content(found, text)
    return [
        ctx.sign(Meaning.ANSWERED, stream, f"discrepancy/{found.number}", content),
        Pending(stream, DiscrepancyAnswered(batch_id, discrepancy_id, text)),
        *advance(row, {}, (), answered=(discrepancy_id,)),
    ]


@command(
    "batch.add_comment",
    permission=Permission.DISCREPANCY_RAISE,
    emits=(CommentAdded,),
    locks=batch_stream,
)
def add_comment(
    ctx: Context,  # noqa: ARG001
    *,
    batch_id: str,
    step_id: str | None,
    comment: str,
) -> list[Pending]:
    """Add a comment; it forces a human look at review."""
    check_record_open(batch(batch_id).record_state)
    if step_id:
        step(batch_id, step_id)
    event = CommentAdded(batch_id, step_id or None, _text(comment))
    return [Pending(f"batch/{batch_id}", event)]


def _text(text: str) -> str:
    cleaned = text.strip()
    if not cleaned:
        raise BatchRefused("text_missing", "Write what happened; an empty text says nothing.")
    if len(cleaned) > 4000:  # noqa: PLR2004 - a bound, not a rule
        raise BatchRefused("text_long", "At most 4000 characters.")
    return cleaned
