"""The batch fact: one row a batch, from planning to disposition, each time with its event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from datetime import datetime

    from daytwo.record.ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened, UTC, and the ledger's number of the event that says so."""

    at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class BatchFact:
    """Grain: one batch. Key: `batch_id`. Lineage: the `seq` of each moment.

    Attributes:
        batch_id: The batch (lot) number.
        product_code: Of the product.
        product_name: Of the product.
        mbr: Master batch record and version; empty for an imported batch.
        origin: `native`, `simulation` or `import`.
        source_start: For an imported batch its start as the source has it, with its precision.
        planned: When the order was issued, or the batch imported.
        started: First step begun.
        ended: End of manufacture: last step done.
        completed: Record completed by production (the last time).
        reviewed: Review signed by quality (the last time).
        decided: Disposition signed.
        decision: `released` or `rejected`; empty while open.
    """

    batch_id: str
    product_code: str
    product_name: str
    mbr: str
    origin: str
    source_start: str = ""
    planned: Moment | None = None
    started: Moment | None = None
    ended: Moment | None = None
    completed: Moment | None = None
    reviewed: Moment | None = None
    decided: Moment | None = None
    decision: str = ""


_MOMENTS = {
    "batch.started": "started",
    "batch.manufacture.ended": "ended",
    "batch.record.completed": "completed",
    "release.record.reviewed": "reviewed",
    "release.batch.decided": "decided",
}
TYPES = ("batch.planned", "batch.imported", *_MOMENTS)
"""The events that this fact is made of."""


def fold(rows: MutableMapping[str, BatchFact], event: Recorded) -> None:
    """Take one event into the rows."""
    payload = event.payload
    batch_id = payload["batch_id"]
    moment = Moment(event.occurred_at, event.seq)
    if event.type in {"batch.planned", "batch.imported"}:
        mbr = payload.get("mbr_id", "")
        rows[batch_id] = BatchFact(
            batch_id=batch_id,
            product_code=payload["product_code"],
            product_name=payload["product_name"],
            mbr=f"{mbr} v{payload['mbr_version']}" if mbr else "",
            origin=event.origin["kind"],
            source_start=payload.get("started_on", ""),
            planned=moment,
        )
        return
    row = rows.get(batch_id)
    if row is None:
        return
    changes: dict[str, Any] = {_MOMENTS[event.type]: moment}
    if event.type == "release.batch.decided":
        changes["decision"] = payload["decision"]
    rows[batch_id] = replace(row, **changes)
