"""One plain statement inserts just the row that the ORM would."""

from __future__ import annotations

import pytest

from daytwo.record.batches.enums import BatchState, RecordState
from daytwo.record.batches.models import Batch, Discrepancy
from daytwo.record.ledger.rows import insert

GIVEN = {
    "product_code": "P",
    "product_name": "Pills",
    "state": BatchState.READY,
    "record_state": RecordState.OPEN,
    "origin": "native",
    "planned_at": "2026-01-01T00:00:00.000000Z",
}
pytestmark = pytest.mark.usefixtures("site")


def values(row: object) -> dict[str, object]:
    return {f.attname: getattr(row, f.attname) for f in Batch._meta.concrete_fields} | {"id": ""}


def test_row_is_the_one_that_the_orm_would_insert() -> None:
    insert(Batch, id="A", **GIVEN)
    Batch.objects.create(id="B", **GIVEN)
    plain, orm = Batch.objects.get(id="A"), Batch.objects.get(id="B")
    assert values(plain) == values(orm)
    assert plain.state == "ready"
    assert plain.mbr_version == 0
    assert plain.promised_on is None


def test_order_of_values_and_truth_do_not_matter() -> None:
    for number, blocking in enumerate((True, False)):
        insert(
            Discrepancy,
            number=number,
            blocking=blocking,
            id=f"D-{number}",
            batch_id="B",
            discrepancy_class="value",
            code="x",
            severity="minor",
            description="",
            raised_at="2026-01-01T00:00:00.000000Z",
            raised_by="",
        )
    rows = Discrepancy.objects.order_by("number").values_list("id", "blocking", "closed_at")
    assert list(rows) == [("D-0", True, None), ("D-1", False, None)]


def test_column_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        insert(Batch, identity="A", **GIVEN)
