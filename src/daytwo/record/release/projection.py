"""The only writer of release's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.ledger.projections import Projection
from daytwo.record.release.models import Disposition, Review

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

release = Projection("release", (Review, Disposition))


@release.on("release.review.opened")
def _opened(event: Recorded) -> None:
    Review.objects.create(
        event_seq=event.seq,
        batch_id=event.data.batch_id,
        reviewer_id=event.actor.id,
        reviewer_name=event.actor.name,
        opened_at=event.occurred_text,
    )


@release.on("release.record.returned", "release.record.reviewed")
def _closed(event: Recorded) -> None:
    Review.objects.filter(batch_id=event.data.batch_id, closed_at=None).update(
        closed_at=event.occurred_text,
        outcome=event.type.rpartition(".")[2],
        reason=event.reason or "",
    )


@release.on("release.batch.decided")
def _decided(event: Recorded) -> None:
    Disposition.objects.create(
        batch_id=event.data.batch_id,
        decision=event.data.decision,
        rationale=event.data.rationale,
        decided_at=event.occurred_text,
        decided_by=event.actor.name,
        decided_by_id=event.actor.id,
    )
