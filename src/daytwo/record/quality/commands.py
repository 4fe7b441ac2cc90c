"""Verbs of quality: classify a discrepancy, close a deviation."""

from __future__ import annotations

from daytwo.kernel.errors import Refused
from daytwo.record.access.authority import Context, command
from daytwo.record.access.enums import Meaning, Permission
from daytwo.record.batches.commands.orders import batch_stream
from daytwo.record.batches.enums import RecordState
from daytwo.record.batches.queries import batch, discrepancies, doers
from daytwo.record.batches.rules.states import check_record_may
from daytwo.record.ledger.append import Pending
from daytwo.record.quality.enums import DeviationState, Route
from daytwo.record.quality.events import DeviationClosed, DeviationOpened, DiscrepancyClassified
from daytwo.record.quality.queries import (
    classification_content,
    classifications,
    closing_content,
    deviation,
)
from daytwo.record.quality.rules import (
    check_category,
    check_had_no_hand,
    check_rationale,
    check_route,
)


@command(
    "quality.classify_discrepancy",
    permission=Permission.DISCREPANCY_CLASSIFY,
    emits=(DiscrepancyClassified, DeviationOpened),
    signed=(Meaning.CLASSIFIED,),
    locks=batch_stream,
)
def classify_discrepancy(
    ctx: Context,
    *,
    batch_id: str,
    discrepancy_id: str,
    route: str,
    rationale: str,
    classification: str = "",
) -> list[Pending]:
    """Judge an answered discrepancy, and open a deviation where it is one (21 CFR 211.192)."""
    row = batch(batch_id)
    check_record_may(row.record_state, RecordState.REVIEWED)
    check_had_no_hand(ctx.person.id, doers(batch_id), "Classifying a discrepancy")
    found = next((d for d in discrepancies(batch_id) if d.id == discrepancy_id), None)
    if found is None or found.answered_at is None:
        raise Refused("quality.unanswered", f"{discrepancy_id} has no answer to judge yet.")
    if discrepancy_id in classifications(batch_id):
        raise Refused("quality.classified", f"{discrepancy_id} was classified already.")
    check_route(route, classification, found.severity)
    check_rationale(rationale)
    stream = f"batch/{batch_id}"
    kind = classification if route == Route.DEVIATION else ""
    content = classification_content(found, route, rationale, kind)
    pendings = [
        ctx.sign(Meaning.CLASSIFIED, stream, f"classification/{found.number}", content),
        Pending(stream, DiscrepancyClassified(batch_id, discrepancy_id, route, rationale)),
    ]
    if route == Route.DEVIATION:
        number = f"D-{batch_id}-{found.number}"
        opened = DeviationOpened(
            number, batch_id, discrepancy_id, kind, found.description, found.raised_at
        )
        pendings.append(Pending(f"deviation/{number}", opened))
    return pendings


@command(
    "quality.close_deviation",
    permission=Permission.DISCREPANCY_CLASSIFY,
    emits=(DeviationClosed,),
    signed=(Meaning.DEVIATION_CLOSED,),
    locks=batch_stream,
)
def close_deviation(
    ctx: Context, *, batch_id: str, deviation_id: str, root_cause: str, category: str
) -> list[Pending]:
    """Close a deviation with its cause, signed on the batch that it belongs to."""
    row = deviation(deviation_id)
    if row.origin == "import":
        raise Refused(
            "quality.imported", f"{deviation_id} is kept by another system; close it there."
        )
    if row.batch_id != batch_id:
        raise Refused("quality.other_batch", f"{deviation_id} does not belong to {batch_id}.")
    if row.state != DeviationState.OPEN:
        raise Refused("quality.closed", f"{deviation_id} is closed already.")
    check_had_no_hand(ctx.person.id, doers(batch_id), "Closing a deviation")
    check_rationale(root_cause)
    check_category(category)
    content = closing_content(row, root_cause, category)
    signature = ctx.sign(
        Meaning.DEVIATION_CLOSED, f"batch/{batch_id}", f"deviation/{deviation_id}", content
    )
    closed = DeviationClosed(deviation_id, batch_id, root_cause, category)
    return [signature, Pending(f"deviation/{deviation_id}", closed)]
