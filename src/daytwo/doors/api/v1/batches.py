"""Batches: order, execute, correct, report and answer, complete; the record as it stands."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from daytwo.doors.api.acts import acts, reading
from daytwo.doors.api.shapes.batches import BatchOut, BatchRecordOut, StepOut
from daytwo.record.access.enums import Permission
from daytwo.record.batches import commands, queries
from daytwo.record.release.queries import all_signatures

router = Router()
acts(
    router,
    commands.issue_order,
    commands.claim_step,
    commands.complete_step,
    commands.verify_step,
    commands.correct_step,
    commands.report_discrepancy,
    commands.answer_discrepancy,
    commands.add_comment,
    commands.hold_batch,
    commands.resume_batch,
    commands.complete_record,
)
Word = Annotated[str, Query(max_length=100)]


@reading(router, "", Permission.BATCH_READ, list[BatchOut])
def batches(
    request: HttpRequest,  # noqa: ARG001 - ninja's form
    product_code: Word = "",
    state: Word = "",
    origin: Word = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
) -> Any:
    """Return batches, the latest planned first."""
    return queries.batches(
        product_code=product_code, state=state, origin=origin, limit=limit, offset=offset
    )


@reading(router, "/live", Permission.BATCH_READ, list[BatchOut])
def live(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Return the batches on the floor: ready, running or held."""
    return queries.live_batches()


@reading(router, "/record/{path:batch_id}", Permission.BATCH_READ, BatchRecordOut)
def record(request: HttpRequest, batch_id: str) -> Any:  # noqa: ARG001 - ninja's form
    """Return the whole record of a batch, signatures judged against the present content."""
    row = queries.batch(batch_id)
    return {
        "batch": row,
        "steps": queries.steps(batch_id),
        "entries": queries.entries(batch_id),
        "signatures": all_signatures(row),
        "discrepancies": queries.discrepancies(batch_id),
        "comments": queries.comments(batch_id),
        "materials": queries.materials(batch_id),
        "equipment": queries.equipment(batch_id),
        "values": queries.values(batch_id),
    }


@reading(router, "/current_step/{path:batch_id}", Permission.BATCH_READ, StepOut | None)
def current_step(request: HttpRequest, batch_id: str) -> Any:  # noqa: ARG001 - ninja's form
    """Return the step that wants a hand now; null when none does."""
    queries.batch(batch_id)
    return queries.current_step(batch_id)


@reading(router, "/with_lot/{path:lot_id}", Permission.BATCH_READ, list[str])
def with_lot(request: HttpRequest, lot_id: str) -> Any:  # noqa: ARG001 - ninja's form
    """Return the ids of the batches that a lot went into."""
    return queries.batches_with_lot(lot_id)
