"""Events of review and disposition."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event("release.review.opened")
@dataclass(frozen=True, slots=True)
class ReviewOpened:
    """A reviewer of quality opened the record."""

    batch_id: str


@event("release.record.returned")
@dataclass(frozen=True, slots=True)
class RecordReturned:
    """Quality sent the record back; the reason is on the envelope, the signatures are void."""

    batch_id: str


@event("release.record.reviewed")
@dataclass(frozen=True, slots=True)
class RecordReviewed:
    """Quality reviewed exceptions and audit trail and found nothing unexplained."""

    batch_id: str
    exceptions: int


@event("release.batch.decided")
@dataclass(frozen=True, slots=True)
class BatchDecided:
    """The disposition: `released` (certified by a qualified person) or `rejected`."""

    batch_id: str
    decision: str
    rationale: str
