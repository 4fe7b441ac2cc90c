"""Rows of CAPA, changes and complaints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.ledger.rows import insert
from daytwo.record.quality.models import Capa, Change, Complaint
from daytwo.record.quality.projection.registered import quality

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded


@quality.on("quality.capa.opened")
def _capa(event: Recorded) -> None:
    data = event.data
    insert(
        Capa,
        id=data.capa_id,
        deviation_id=data.deviation_id,
        action=data.action,
        owner=data.owner,
        due_on=data.due_on,
        due_first_on=data.due_on,
        opened_at=event.occurred_text,
        origin=event.origin_kind,
    )


@quality.on("quality.capa.effectiveness_planned")
def _planned(event: Recorded) -> None:
    data = event.data
    Capa.objects.filter(id=data.capa_id).update(
        metric=data.metric,
        baseline=data.baseline,
        target=data.target,
        horizon_days=data.horizon_days,
    )


@quality.on("quality.capa.effectiveness_evaluated")
def _evaluated(event: Recorded) -> None:
    Capa.objects.filter(id=event.data.capa_id).update(
        verdict=event.data.verdict, evaluated_at=event.occurred_text
    )


@quality.on("quality.capa.due_date_moved")
def _due(event: Recorded) -> None:
    Capa.objects.filter(id=event.data.capa_id).update(due_on=event.data.due_on)


@quality.on("quality.capa.closed")
def _capa_closed(event: Recorded) -> None:
    Capa.objects.filter(id=event.data.capa_id).update(closed_at=event.occurred_text)


@quality.on("quality.change.opened")
def _change(event: Recorded) -> None:
    data = event.data
    insert(
        Change,
        id=data.change_id,
        title=data.title,
        kind=data.kind,
        mbr_id=data.mbr_id,
        mbr_version=data.mbr_version,
        opened_at=event.occurred_text,
        origin=event.origin_kind,
    )


@quality.on("quality.change.approved", "quality.change.implemented", "quality.change.closed")
def _changed(event: Recorded) -> None:
    column = f"{event.type.rpartition('.')[2]}_at"
    Change.objects.filter(id=event.data.change_id).update(**{column: event.occurred_text})


@quality.on("quality.complaint.received")
def _complaint(event: Recorded) -> None:
    data = event.data
    insert(
        Complaint,
        id=data.complaint_id,
        product_code=data.product_code,
        batch_id=data.batch_id,
        category=data.category,
        description=data.description,
        received_at=event.occurred_text,
        origin=event.origin_kind,
    )


@quality.on("quality.complaint.closed")
def _complaint_closed(event: Recorded) -> None:
    Complaint.objects.filter(id=event.data.complaint_id).update(closed_at=event.occurred_text)
