"""Rows of classifications and deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.ledger.rows import insert
from daytwo.record.quality.enums import DeviationState
from daytwo.record.quality.models import Classification, Deviation
from daytwo.record.quality.projection.registered import quality

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded


@quality.on("quality.discrepancy.classified")
def _classified(event: Recorded) -> None:
    insert(
        Classification,
        discrepancy_id=event.data.discrepancy_id,
        batch_id=event.data.batch_id,
        route=event.data.route,
        rationale=event.data.rationale,
        at=event.occurred_text,
        by_name=event.doer.name,
    )


@quality.on("quality.deviation.opened")
def _opened(event: Recorded) -> None:
    data = event.data
    insert(
        Deviation,
        id=data.deviation_id,
        batch_id=data.batch_id,
        discrepancy_id=data.discrepancy_id,
        classification=data.classification,
        title=data.title,
        state=DeviationState.OPEN,
        detected_at=data.detected_at,
        opened_at=event.occurred_text,
        origin=event.origin_kind,
    )


@quality.on("quality.deviation.recorded")
def _recorded(event: Recorded) -> None:
    data = event.data
    _set(
        event,
        batch_id=data.batch_id,
        discrepancy_id=data.discrepancy_id,
        classification=data.severity,
        title=data.title,
        description=data.description,
        area=data.area,
        process=data.process,
        equipment_id=data.equipment_id,
        due_on=data.due_on,
        due_first_on=data.due_on,
        opened_at=event.occurred_text,
    )


@quality.on("quality.deviation.occurred")
def _occurred(event: Recorded) -> None:
    _set(event, occurred_at=event.occurred_text)


@quality.on("quality.deviation.detected")
def _detected(event: Recorded) -> None:
    _set(event, detected_at=event.occurred_text)


@quality.on("quality.deviation.triaged")
def _triaged(event: Recorded) -> None:
    _set(event, classification=event.data.severity, triaged_at=event.occurred_text)


@quality.on("quality.deviation.assigned")
def _assigned(event: Recorded) -> None:
    _set(event, owner=event.data.owner, assigned_at=event.occurred_text)


@quality.on("quality.deviation.root_cause_approved")
def _cause(event: Recorded) -> None:
    data = event.data
    _set(
        event,
        root_cause=data.root_cause,
        category=data.category,
        method=data.method,
        cause_approved_at=event.occurred_text,
    )


@quality.on("quality.deviation.due_date_moved")
def _due(event: Recorded) -> None:
    _set(event, due_on=event.data.due_on)


@quality.on("quality.deviation.reopened")
def _reopened(event: Recorded) -> None:
    _set(event, state=DeviationState.OPEN, closed_at=None)


@quality.on("quality.deviation.closed")
def _closed(event: Recorded) -> None:
    data = event.data
    said = {"root_cause": data.root_cause, "category": data.category}
    # A source that gave the cause before need not give it again.
    kept = {name: text for name, text in said.items() if text}
    _set(event, state=DeviationState.CLOSED, closed_at=event.occurred_text, **kept)


def _set(event: Recorded, **values: object) -> None:
    """Change a deviation's row; another system may tell of it in any order."""
    deviation_id = event.payload["deviation_id"]
    if Deviation.objects.filter(id=deviation_id).update(**values):
        return
    first = {
        "batch_id": "",
        "discrepancy_id": "",
        "classification": "",
        "title": "",
        "state": DeviationState.OPEN,
        "detected_at": event.occurred_text,
        "opened_at": event.occurred_text,
        "origin": event.origin_kind,
    }
    insert(Deviation, id=deviation_id, **(first | values))
