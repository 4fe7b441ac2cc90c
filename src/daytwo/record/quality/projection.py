"""The only writer of quality's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.ledger.projections import Projection
from daytwo.record.quality.enums import DeviationState
from daytwo.record.quality.models import Classification, Deviation

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

quality = Projection("quality", (Classification, Deviation))


@quality.on("quality.discrepancy.classified")
def _classified(event: Recorded) -> None:
    Classification.objects.create(
        discrepancy_id=event.data.discrepancy_id,
        batch_id=event.data.batch_id,
        route=event.data.route,
        rationale=event.data.rationale,
        at=event.occurred_text,
        by_name=event.actor.name,
    )


@quality.on("quality.deviation.opened")
def _opened(event: Recorded) -> None:
    data = event.data
    Deviation.objects.create(
        id=data.deviation_id,
        batch_id=data.batch_id,
        discrepancy_id=data.discrepancy_id,
        classification=data.classification,
        title=data.title,
        state=DeviationState.OPEN,
        detected_at=data.detected_at,
        opened_at=event.occurred_text,
    )


@quality.on("quality.deviation.closed")
def _closed(event: Recorded) -> None:
    Deviation.objects.filter(id=event.data.deviation_id).update(
        state=DeviationState.CLOSED,
        closed_at=event.occurred_text,
        root_cause=event.data.root_cause,
        category=event.data.category,
    )
