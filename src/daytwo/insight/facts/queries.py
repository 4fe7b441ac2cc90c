"""Readings of the facts that pages and detectors ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.facts.batch import COLUMNS, BatchFact, of_row

if TYPE_CHECKING:
    from daytwo.insight.facts.engine.duck import DuckEngine


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One batch's value in a series; `value` is None where nothing usable was reported."""

    batch_id: str
    value: float | None
    reported: str
    unit: str
    seq: int


def batch_facts() -> list[BatchFact]:
    """Return every batch, in the order in which they came into the ledger."""
    engine = _live()
    rows = engine.rows(engine.table("batch").order_by("seq_first").select(*COLUMNS))
    return [of_row(row) for row in rows]


def series(product_code: str, name: str) -> list[SeriesPoint]:
    """Return one value of each batch of a product, in the order in which the batches came.

    Args:
        product_code: The product.
        name: Test code or name of a yield, such as `dissolution_av`.

    Returns:
        One point a batch that reported it; the last report counts.
    """
    engine = _live()
    batch = engine.table("batch").select("batch_id", "product_code", came="seq_first")
    result = engine.table("result").select(
        "batch_id", "test_code", "value", "reported", "unit", "seq"
    )
    found = (
        result.filter(result.test_code == name)
        .join(batch.filter(batch.product_code == product_code), "batch_id")
        .order_by("came", "seq")
    )
    by_batch = {row["batch_id"]: row for row in engine.rows(found)}
    return [
        SeriesPoint(batch_id, row["value"], row["reported"], row["unit"] or "", row["seq"])
        for batch_id, row in by_batch.items()
    ]


def products() -> list[tuple[str, str, int]]:
    """Return (code, name, number of batches) of every product."""
    engine = _live()
    batch = engine.table("batch")
    found = batch.group_by("product_code").agg(
        name=batch.product_name.argmax(batch.seq_first), n=batch.count()
    )
    rows = engine.rows(found.order_by("product_code"))
    return [(r["product_code"] or "", r["name"] or "", r["n"]) for r in rows]


def measured_names(product_code: str) -> list[tuple[str, str, int]]:
    """Return (name, unit, number of batches) of what a product's batches report as numbers."""
    engine = _live()
    result = engine.table("result")
    mine = result.filter(result.product_code == product_code, result.value.notnull())
    found = mine.group_by("test_code").agg(
        unit=mine.unit.argmin(mine.seq), n=mine.batch_id.nunique()
    )
    rows = engine.rows(found.order_by("test_code"))
    return [(r["test_code"], r["unit"] or "", r["n"]) for r in rows]


def _live() -> DuckEngine:
    from daytwo.insight.facts.engine.live import live  # noqa: PLC0415 - half a second, when asked

    return live()
