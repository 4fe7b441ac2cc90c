"""Verbs of orders: issue a batch from an approved master, hold it, resume it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.kernel.clock import Day, day
from daytwo.kernel.errors import Refused
from daytwo.record.access.authority import Context, command
from daytwo.record.access.enums import Permission
from daytwo.record.batches.commands.advance import advance
from daytwo.record.batches.enums import BatchState, ContentForm
from daytwo.record.batches.errors import BatchRefused
from daytwo.record.batches.events import (
    BatchHeld,
    BatchPlanned,
    BatchResumed,
    ManufactureEnded,
    StepOffered,
)
from daytwo.record.batches.queries import batch
from daytwo.record.batches.rules.states import (
    check_batch_may,
    check_checked_by_people,
    check_enforceable,
)
from daytwo.record.ledger.append import Pending
from daytwo.record.ledger.reading import head_version
from daytwo.record.recipes.enums import Check, MbrStatus
from daytwo.record.recipes.queries import document, version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.record.recipes.document import PlacedStep

CONTENT_FORM = ContentForm.WORDED
"""The form of content that batches issued from now on are signed in."""


def batch_stream(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the stream that a command on a batch relies on."""
    return (f"batch/{arguments['batch_id']}",)


@command(
    "order.issue",
    permission=Permission.ORDER_ISSUE,
    emits=(BatchPlanned, StepOffered),
    locks=batch_stream,
)
def issue_order(
    ctx: Context,  # noqa: ARG001
    *,
    batch_id: str,
    order_id: str,
    mbr_id: str,
    number: int,
    promised_on: str | None = None,
) -> list[Pending]:
    """Give a batch its number and a frozen copy of the approved master (21 CFR 211.188(a)).

    Args:
        ctx: Who asks.
        batch_id: The batch (lot) number; never given twice.
        order_id: The production order.
        mbr_id: The master batch record.
        number: Its version; must be the effective one.
        promised_on: First promised release date, ISO.
    """
    stream = f"batch/{batch_id}"
    if not batch_id:
        raise BatchRefused("number_missing", "Give the number of the batch.")
    if head_version(stream):
        raise BatchRefused("exists", f"The batch number {batch_id} was given before.")
    if not order_id.strip():
        raise BatchRefused("order_missing", "Give the number of the production order.")
    row = version(mbr_id, number)
    if row.status != MbrStatus.EFFECTIVE:
        raise BatchRefused(
            "master_not_effective",
            f"{mbr_id} version {number} is {row.status}; only an effective master can be issued.",
        )
    master = document(mbr_id, number, row.content_hash)
    strength = master.header.product.strength
    placed = master.steps()
    check_enforceable([p.step.qualification for p in placed if p.step.qualification])
    check_checked_by_people([p.step.id for p in placed if p.step.check is Check.AUTOMATIC])
    planned = BatchPlanned(
        batch_id=batch_id,
        order_id=order_id.strip(),
        product_code=master.header.product.code,
        product_name=master.header.product.name,
        strength=str(strength) if strength else "",
        size=master.header.batch_size,
        mbr_id=mbr_id,
        mbr_version=number,
        mbr_hash=row.content_hash,
        promised_on=_promised(promised_on),
        steps=[_place(step) for step in placed],
        content_form=CONTENT_FORM,
    )
    return [Pending(stream, planned), Pending(stream, StepOffered(batch_id, placed[0].step.id))]


@command(
    "batch.hold", permission=Permission.BATCH_SUPERVISE, emits=(BatchHeld,), locks=batch_stream
)
def hold_batch(ctx: Context, *, batch_id: str, reason: str) -> list[Pending]:  # noqa: ARG001
    """Stop all work on a batch, with the reason."""
    check_batch_may(batch(batch_id).state, BatchState.HELD)
    _need_reason(reason)
    return [Pending(f"batch/{batch_id}", BatchHeld(batch_id), reason=reason)]


@command(
    "batch.resume",
    permission=Permission.BATCH_SUPERVISE,
    emits=(BatchResumed, StepOffered, ManufactureEnded),
    locks=batch_stream,
)
def resume_batch(ctx: Context, *, batch_id: str, reason: str) -> list[Pending]:  # noqa: ARG001
    """End a hold, with the reason; what the hold kept back goes on."""
    row = batch(batch_id)
    if row.state != BatchState.HELD:
        raise BatchRefused("not_held", f"{batch_id} is {row.state}, not held.")
    _need_reason(reason)
    resumed = Pending(f"batch/{batch_id}", BatchResumed(batch_id), reason=reason)
    return [resumed, *advance(row, {}, (), resumed=True)]


def _place(placed: PlacedStep) -> dict[str, str]:
    return {
        "id": placed.step.id,
        "title": placed.step.title,
        "kind": str(placed.step.kind),
        "unit_procedure": placed.unit_procedure.title,
        "operation": placed.operation.title,
        "phase": placed.phase.title,
    }


def _promised(text: str | None) -> Day | None:
    if not text:
        return None
    try:
        return day(text)
    except Refused:
        raise BatchRefused("promised", "Give the promised date as YYYY-MM-DD.") from None


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise BatchRefused("reason_missing", "Say why; the reason is kept with the change.")
