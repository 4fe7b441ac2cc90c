"""Release: review opened, record returned, review signed, disposition; the queue."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from daytwo.doors.api.acts import acts, reading
from daytwo.doors.api.shapes.records import QueueItemOut, ReviewOut
from daytwo.record.access.enums import Permission
from daytwo.record.batches.queries import batch
from daytwo.record.release import commands, queries

router = Router()
acts(
    router,
    commands.open_review,
    commands.return_record,
    commands.review_record,
    commands.decide,
)


@reading(router, "/queue", Permission.BATCH_READ, list[QueueItemOut])
def queue(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Return the batches whose manufacture has ended and that are not disposed of."""
    return queries.release_queue()


@reading(router, "/review/{path:batch_id}", Permission.BATCH_READ, ReviewOut)
def review(request: HttpRequest, batch_id: str) -> Any:  # noqa: ARG001 - ninja's form
    """Return what a reviewer must look at (21 CFR 211.192)."""
    row = batch(batch_id)
    found = queries.review_by_exception(row)
    return {
        "batch": row,
        "blockers": queries.disposition_blockers(row),
        "discrepancies": [
            {"discrepancy": raised, "classification": judged}
            for raised, judged in found.discrepancies
        ],
        "critical": found.critical,
        "corrected": found.corrected,
        "comments": found.comments,
        "void_signatures": found.void_signatures,
        "conforming": found.conforming,
    }
