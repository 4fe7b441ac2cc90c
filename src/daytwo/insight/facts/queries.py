"""Readings of the facts that pages and detectors ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.facts.follow import current

if TYPE_CHECKING:
    from daytwo.insight.facts.batch import BatchFact
    from daytwo.insight.facts.result import ResultFact


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One batch's value in a series; `value` is None where nothing usable was reported."""

    batch_id: str
    value: float | None
    reported: str
    unit: str
    seq: int


def batch_facts() -> list[BatchFact]:
    """Return every batch, in the order of planning."""
    return list(current().batches.values())


def series(product_code: str, name: str) -> list[SeriesPoint]:
    """Return one value of each batch of a product, in the order in which the batches came.

    Args:
        product_code: The product.
        name: Test code or name of a yield, such as `dissolution_av`.

    Returns:
        One point a batch that reported it; the last report counts.
    """
    facts = current()
    by_batch: dict[str, ResultFact] = {
        row.batch_id: row for row in facts.results.values() if row.name == name
    }
    return [
        SeriesPoint(b.batch_id, row.value, row.reported, row.unit, row.seq)
        for b in facts.batches.values()
        if b.product_code == product_code and (row := by_batch.get(b.batch_id)) is not None
    ]


def products() -> list[tuple[str, str, int]]:
    """Return (code, name, number of batches) of every product."""
    found: dict[str, tuple[str, int]] = {}
    for row in current().batches.values():
        _, count = found.get(row.product_code, ("", 0))
        found[row.product_code] = (row.product_name, count + 1)
    return sorted((code, name, count) for code, (name, count) in found.items())


def measured_names(product_code: str) -> list[tuple[str, str, int]]:
    """Return (name, unit, number of batches) of what a product's batches report as numbers."""
    facts = current()
    mine = {b.batch_id for b in facts.batches.values() if b.product_code == product_code}
    found: dict[str, tuple[str, set[str]]] = {}
    for row in facts.results.values():
        if row.batch_id in mine and row.value is not None:
            _, batches = found.setdefault(row.name, (row.unit, set()))
            batches.add(row.batch_id)
    return sorted((name, unit, len(batches)) for name, (unit, batches) in found.items())
