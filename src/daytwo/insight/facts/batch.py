"""A batch as pages and definitions read it: its times, each with the event that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
        mbr: Master batch record and version; empty where none is known.
        origin: `native`, `simulation` or `import`.
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
    started: Moment | None = None
    ended: Moment | None = None
    completed: Moment | None = None
    reviewed: Moment | None = None
    decided: Moment | None = None
    decision: str = ""


COLUMNS = (
    "batch_id",
    "product_code",
    "product_name",
    "mbr_id",
    "mbr_version",
    "origin",
    "decision",
    *(f"{name}_{part}" for name in ("started", "ended", "submitted") for part in ("us", "seq")),
    *(f"{name}_{part}" for name in ("reviewed", "decided") for part in ("us", "seq")),
)
"""The columns of the batch fact that this is made of."""


def of_row(row: Mapping[str, Any]) -> BatchFact:
    """Return a row of the batch fact as an object."""
    mbr = row["mbr_id"]
    return BatchFact(
        batch_id=row["batch_id"],
        product_code=row["product_code"] or "",
        product_name=row["product_name"] or "",
        mbr=f"{mbr} v{row['mbr_version']}" if mbr else "",
        origin=row["origin"],
        started=_moment(row, "started"),
        ended=_moment(row, "ended"),
        completed=_moment(row, "submitted"),
        reviewed=_moment(row, "reviewed"),
        decided=_moment(row, "decided"),
        decision=row["decision"] or "",
    )


def _moment(row: Mapping[str, Any], name: str) -> Moment | None:
    at = row[f"{name}_us"]
    return None if at is None else Moment(_EPOCH + timedelta(microseconds=at), row[f"{name}_seq"])
