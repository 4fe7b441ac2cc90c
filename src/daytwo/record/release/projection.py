"""The only writer of release's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.ledger.projections import Projection
from daytwo.record.ledger.rows import insert
from daytwo.record.release.models import Disposition, Review

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

release = Projection("release", (Review, Disposition))


@release.on("release.review.opened")
def _opened(event: Recorded) -> None:
    insert(
        Review,
        event_seq=event.seq,
        batch_id=event.data.batch_id,
        reviewer_id=event.doer.id,
        reviewer_name=event.doer.name,
        opened_at=event.occurred_text,
        function=event.data.function,
    )


@release.on("release.review.closed")
def _finished(event: Recorded) -> None:
    # Another system tells when a reading ended, apart from what came of it.
    Review.objects.filter(
        batch_id=event.data.batch_id, function=event.data.function, closed_at=None
    ).update(closed_at=event.occurred_text, outcome="ended")


@release.on("release.record.returned", "release.record.reviewed")
def _closed(event: Recorded) -> None:
    # Who returns a record that was reviewed has none open: the return is a reading of its own.
    batch_id, at = event.data.batch_id, event.occurred_text
    outcome = {"outcome": event.type.rpartition(".")[2], "reason": event.reason or ""}
    still_open = Review.objects.filter(batch_id=batch_id, closed_at=None)
    if not still_open.filter(reviewer_id=event.doer.id).update(closed_at=at, **outcome):
        insert(
            Review,
            event_seq=event.seq,
            batch_id=batch_id,
            reviewer_id=event.doer.id,
            reviewer_name=event.doer.name,
            opened_at=at,
            closed_at=at,
            **outcome,
        )
    still_open.update(closed_at=at, outcome="ended")


@release.on("release.batch.decided")
def _decided(event: Recorded) -> None:
    insert(
        Disposition,
        batch_id=event.data.batch_id,
        decision=event.data.decision,
        rationale=event.data.rationale,
        decided_at=event.occurred_text,
        decided_by=event.doer.name,
        decided_by_id=event.doer.id,
    )
