"""Verbs of release: open a review, return the record, sign the review, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.kernel.errors import Refused
from daytwo.record.access.authority import Context, command
from daytwo.record.access.enums import Meaning, Permission, Role
from daytwo.record.batches.commands.orders import batch_stream
from daytwo.record.batches.enums import RecordState
from daytwo.record.batches.queries import batch, discrepancies, doers
from daytwo.record.batches.rules.states import check_record_may
from daytwo.record.ledger.append import Pending
from daytwo.record.release.enums import Decision
from daytwo.record.release.events import (
    BatchDecided,
    RecordReturned,
    RecordReviewed,
    ReviewOpened,
)
from daytwo.record.release.queries import (
    decision_content,
    disposition_blockers,
    review_blockers,
    review_content,
    reviews,
    unsigned_blockers,
)
from daytwo.record.release.rules import check_independent, check_may_decide, check_no_blockers

if TYPE_CHECKING:
    from collections.abc import Mapping


@command(
    "release.open_review",
    permission=Permission.BATCH_REVIEW,
    emits=(ReviewOpened,),
    locks=batch_stream,
)
def open_review(ctx: Context, *, batch_id: str) -> list[Pending]:
    """Open a completed record for review; the reviewer had no hand in it.

    Another reviewer may take over: whoever signs the review has opened it.
    """
    row = batch(batch_id)
    if row.record_state != RecordState.COMPLETED:
        raise Refused("release.not_completed", f"The record is {row.record_state}.")
    check_independent(ctx.person.id, doers(batch_id), "the review")
    if _has_open(ctx, batch_id):
        raise Refused("release.review_open", "You have opened this record for review already.")
    return [Pending(f"batch/{batch_id}", ReviewOpened(batch_id))]


@command(
    "release.return_record",
    permission=Permission.BATCH_REVIEW,
    emits=(RecordReturned,),
    locks=batch_stream,
)
def return_record(ctx: Context, *, batch_id: str, reason: str) -> list[Pending]:
    """Send the record back to production with a reason; its signatures are void."""
    row = batch(batch_id)
    check_record_may(row.record_state, RecordState.RETURNED)
    check_independent(ctx.person.id, doers(batch_id), "the review")
    if not reason.strip():
        raise Refused("release.reason_missing", "Say what must be put right.")
    return [Pending(f"batch/{batch_id}", RecordReturned(batch_id), reason=reason)]


@command(
    "release.review_record",
    permission=Permission.BATCH_REVIEW,
    emits=(RecordReviewed,),
    signed=(Meaning.QUALITY_REVIEWED,),
    locks=batch_stream,
)
def review_record(ctx: Context, *, batch_id: str) -> list[Pending]:
    """Sign the review of exceptions and audit trail by quality (21 CFR 211.192)."""
    row = batch(batch_id)
    check_record_may(row.record_state, RecordState.REVIEWED)
    check_independent(ctx.person.id, doers(batch_id), "the review")
    check_no_blockers(review_blockers(row) + unsigned_blockers(row, "record"))
    if not _has_open(ctx, batch_id):
        raise Refused(
            "release.review_not_open", "Open the review yourself first: its time is recorded."
        )
    stream = f"batch/{batch_id}"
    signature = ctx.sign(Meaning.QUALITY_REVIEWED, stream, "review", review_content(row))
    return [
        signature,
        Pending(stream, RecordReviewed(batch_id, len(discrepancies(batch_id)))),
    ]


def _deciding_role(arguments: Mapping[str, Any]) -> str | None:
    """A release is certified in the role of the qualified person (EU GMP Annex 16)."""
    return Role.QUALIFIED_PERSON if arguments.get("decision") == Decision.RELEASED else None


@command(
    "release.decide",
    permission=Permission.BATCH_DISPOSE,
    emits=(BatchDecided,),
    signed=(Meaning.RELEASED, Meaning.REJECTED),
    locks=batch_stream,
    acting=_deciding_role,
)
def decide(ctx: Context, *, batch_id: str, decision: str, rationale: str) -> list[Pending]:
    """Release (a qualified person) or reject (the quality unit) a reviewed batch, signed.

    References:
        21 CFR 211.22(a), 211.192; EU GMP Annex 16; Annex 11 §15.
    """
    row = batch(batch_id)
    check_may_decide(decision, ctx.person.roles)
    check_record_may(row.record_state, RecordState(decision))
    check_independent(ctx.person.id, doers(batch_id), "the disposition")
    if decision == Decision.RELEASED:
        check_no_blockers(disposition_blockers(row) + unsigned_blockers(row, "review"))
    if not rationale.strip():
        raise Refused("release.rationale_missing", "Give the reason of the decision.")
    meaning = Meaning.RELEASED if decision == Decision.RELEASED else Meaning.REJECTED
    stream = f"batch/{batch_id}"
    content = decision_content(row, decision, rationale)
    signature = ctx.sign(meaning, stream, "disposition", content)
    return [signature, Pending(stream, BatchDecided(batch_id, decision, rationale))]


def _has_open(ctx: Context, batch_id: str) -> bool:
    return any(
        review.closed_at is None and review.reviewer_id == ctx.person.id
        for review in reviews(batch_id)
    )
