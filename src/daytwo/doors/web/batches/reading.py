"""Everything known of one batch, gathered for its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.record.batches import queries
from daytwo.record.batches.enums import BatchState
from daytwo.record.laboratory.queries import results
from daytwo.record.ledger.reading import stream_events
from daytwo.record.quality.queries import classifications, deviations
from daytwo.record.release.queries import all_signatures, disposition, disposition_blockers, reviews
from daytwo.record.resources.models import MaterialLot

if TYPE_CHECKING:
    from daytwo.record.access.queries import SignatureView
    from daytwo.record.batches.models import (
        Batch,
        BatchStep,
        BatchValue,
        Comment,
        Discrepancy,
        EquipmentUse,
        MaterialUse,
    )
    from daytwo.record.laboratory.models import Result
    from daytwo.record.ledger.envelope import Recorded
    from daytwo.record.quality.models import Classification, Deviation
    from daytwo.record.release.models import Disposition, Review
    from daytwo.record.release.rules import Blocker


@dataclass(frozen=True, slots=True)
class Whole:
    """One batch with everything that the record holds of it."""

    batch: Batch
    steps: tuple[BatchStep, ...]
    discrepancies: tuple[Discrepancy, ...]
    classifications: dict[str, Classification]
    deviations: tuple[Deviation, ...]
    comments: tuple[Comment, ...]
    materials: tuple[tuple[MaterialUse, MaterialLot | None], ...]
    equipment: tuple[EquipmentUse, ...]
    values: tuple[BatchValue, ...]
    results: tuple[Result, ...]
    signatures: tuple[SignatureView, ...]
    reviews: tuple[Review, ...]
    disposition: Disposition | None
    blockers: tuple[Blocker, ...]
    events: tuple[Recorded, ...]

    @property
    def titles(self) -> dict[str, str]:
        """What each step is called."""
        return {row.step_id: row.title for row in self.steps}

    @property
    def imported(self) -> bool:
        """Whether another system executed the batch."""
        return bool(self.batch.state == BatchState.IMPORTED)


def whole(batch_id: str) -> Whole:
    """Return one batch; `Unknown` when there is none of this number."""
    row = queries.batch(batch_id)
    imported = row.state == BatchState.IMPORTED
    used = queries.materials(batch_id)
    known = MaterialLot.objects.in_bulk([use.lot_id for use in used])
    return Whole(
        batch=row,
        steps=tuple(queries.steps(batch_id)),
        discrepancies=tuple(queries.discrepancies(batch_id)),
        classifications=classifications(batch_id),
        deviations=tuple(deviations(batch_id)),
        comments=tuple(queries.comments(batch_id)),
        materials=tuple((use, known.get(use.lot_id)) for use in used),
        equipment=tuple(queries.equipment(batch_id)),
        values=tuple(queries.values(batch_id)),
        results=tuple(results("batch", batch_id)),
        signatures=tuple(() if imported else all_signatures(row)),
        reviews=tuple(reviews(batch_id)),
        disposition=disposition(batch_id),
        blockers=tuple(() if imported else disposition_blockers(row)),
        events=tuple(stream_events(f"batch/{batch_id}")),
    )
