"""Readings of the facts: series in the order of the batches, the last report counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.facts.queries import measured_names, products, series
from daytwo.kernel.ids import new_id
from daytwo.record.batches.events import BatchImported
from daytwo.record.laboratory.events import LaboratoryResultFinal
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin

if TYPE_CHECKING:
    from pathlib import Path


def record(stream: str, event: object) -> None:
    actor, origin = Actor("ivo", "Ivo", "integrator"), Origin("import", "test")
    intent = Intent(new_id(), "test", "", actor, origin)
    transact(intent, lambda: [Pending(stream, event)])


def batch(batch_id: str, product: str = "P") -> None:
    imported = BatchImported(batch_id, product, f"Product {product}", "", None, "", "unknown", "")
    record(f"batch/{batch_id}", imported)


def result(batch_id: str, value: str, test: str = "assay") -> None:
    final = LaboratoryResultFinal(new_id(), "batch", batch_id, "final", test, test, value, "%")
    record(f"laboratory/batch/{batch_id}", final)


def test_series_follows_the_batches_not_the_results(site: Path) -> None:
    for name in ("B1", "B2", "B3"):
        batch(name)
    result("B3", "97.1")
    result("B1", "99.5")
    found = [(point.batch_id, point.value) for point in series("P", "assay")]
    assert found == [("B1", 99.5), ("B3", 97.1)]


def test_last_report_of_a_batch_counts(site: Path) -> None:
    batch("B1")
    result("B1", "90.0")
    result("B1", "99.5")
    assert [point.value for point in series("P", "assay")] == [99.5]


def test_report_that_is_no_number_is_kept_as_a_gap(site: Path) -> None:
    batch("B1")
    result("B1", "< 0.05")
    (point,) = series("P", "assay")
    assert (point.value, point.reported) == (None, "< 0.05")


def test_other_products_are_apart(site: Path) -> None:
    batch("B1", "P")
    batch("B2", "Q")
    result("B1", "1.0")
    result("B2", "2.0", "water")
    assert products() == [("P", "Product P", 1), ("Q", "Product Q", 1)]
    assert measured_names("P") == [("assay", "%", 1)]
    assert measured_names("Q") == [("water", "%", 1)]
    assert series("Q", "assay") == []
