"""Each kind of record is made of a row, or it is said why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.tables.make import Draft, Unmakeable, drafts, occurred
from daytwo.doors.connectors.tables.view import read_view
from daytwo.kernel.quantity import Quantity
from daytwo.record.laboratory.events import LaboratoryResultFinal
from tests.doors.connectors.sample import changed, plant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COLUMNS = {
    "batch": None,
    "kind": None,
    "due": {"type": "date", "format": "DD.MM.YYYY"},
    "month": {"type": "date", "format": "MM.YYYY"},
    "mass": {"type": "number", "unit": "kg"},
    "assay": {"type": "number", "unit": "%"},
    "yielded": {"type": "number", "unit": "%"},
    "speed": {"type": "number"},
}
ROW = {
    "batch": "7",
    "kind": "released",
    "due": "31.12.2026",
    "month": "05.2024",
    "mass": "2,50",
    "assay": "99,0",
    "yielded": "98,5",
    "speed": "",
}
LOT = {
    "make": "lot",
    "id": "L{batch}",
    "material_code": "API",
    "material_name": "Active",
    "status": "{kind}",
    "quantity": "mass",
    "expires": "due",
    "potency": "assay",
    "supplier": "From {speed}",
    "supplier_lot": "S{batch}",
}
PARTS: list[dict[str, Any]] = [
    LOT,
    {"make": "yields", "batch": "{batch}", "of": {"yielded": "coating"}, "occurred": "due"},
    {"make": "parameters", "batch": "{batch}", "of": {"speed": "Speed", "mass": "Mass"}},
    {
        "make": "consumption",
        "batch": "{batch}",
        "lot": "L{batch}",
        "material_code": "API",
        "quantity": "mass",
    },
    {
        "make": "results",
        "batch": "{batch}",
        "stage": "final",
        "sample": "S{batch}",
        "tests": {"assay": "Assay"},
        "occurred": "month",
    },
]


def made(folder: Path, part: Mapping[str, Any], **cells: str) -> list[Draft | Unmakeable]:
    file = {
        "name": "batches",
        "path": "b.csv",
        "delimiter": ";",
        "encoding": "utf-8",
        "decimal": ",",
        "columns": COLUMNS,
        # Every part is there, so that no column counts as unread.
        "records": [part, *PARTS],
    }
    path = plant(folder, mapping=changed("files", to=[file])) / "mapping.yaml"
    table = load_mapping(path).files[0]
    return [*drafts(table.records[0], read_view(table, ROW | cells))]


def events(drafted: list[Draft | Unmakeable]) -> list[Any]:
    return [draft.event for draft in drafted if isinstance(draft, Draft)]


def test_lot_is_made_whole(tmp_path: Path) -> None:
    [lot] = events(made(tmp_path, LOT))
    assert lot.quantity == Quantity.parse("2.50 kg")
    assert str(lot.quantity) == "2.50 kg"
    assert lot.expires_on == "2026-12-31"
    assert lot.potency_percent == "99.0"
    assert lot.supplier is None
    assert lot.supplier_lot == "S7"


def test_yield_parameter_and_consumption_are_made(tmp_path: Path) -> None:
    [made_yield] = events(made(tmp_path, PARTS[1]))
    assert (made_yield.name, made_yield.percent) == ("coating", "98.5")
    [mass] = events(made(tmp_path, PARTS[2]))
    assert (mass.name, mass.value, mass.unit) == ("Mass", "2.50", "kg")
    [used] = events(made(tmp_path, PARTS[3]))
    assert str(used.quantity) == "2.50 kg"


def test_result_of_a_sample_is_named_by_it(tmp_path: Path) -> None:
    [draft] = made(tmp_path, PARTS[4])
    assert isinstance(draft, Draft)
    assert draft.key == ("batch", "7", "final", "assay", "S7")
    assert isinstance(draft.event, LaboratoryResultFinal)
    assert draft.event.result_id == "batch:7:final:assay:S7"
    assert draft.field == "assay"


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"kind": "ok"}, "'ok' is no status of a lot"),
        ({"batch": "7/8"}, "cannot name a lot"),
        ({"batch": "x" * 60}, "cannot name a lot"),
        ({"batch": "ü"}, "cannot name a lot"),
    ],
)
def test_what_cannot_be_made_says_why(tmp_path: Path, cells: dict[str, str], why: str) -> None:
    [refused] = made(tmp_path, LOT, **cells)
    assert isinstance(refused, Unmakeable)
    assert why in str(refused)


def test_expiry_needs_its_day(tmp_path: Path) -> None:
    [refused] = made(tmp_path, LOT | {"expires": "month"})
    assert "an expiry is a day; the source gives only 2024-05" in str(refused)


def test_needed_value_that_is_blank_or_faulty_makes_nothing(tmp_path: Path) -> None:
    assert made(tmp_path, LOT, batch="") == []
    assert made(tmp_path, LOT, kind="\x00") == []
    assert made(tmp_path, PARTS[2], mass="x") == []


def test_quantity_that_is_faulty_leaves_the_lot(tmp_path: Path) -> None:
    [lot] = events(made(tmp_path, LOT, mass="much", due="soon", assay=""))
    assert (lot.quantity, lot.expires_on, lot.potency_percent) == (None,) * 3


def test_occurred_is_the_start_of_what_the_source_says(tmp_path: Path) -> None:
    path = plant(tmp_path) / "mapping.yaml"
    table = load_mapping(path).files[1]
    texts = dict.fromkeys(table.columns, "") | {"begun": "jan.24"}
    seen = read_view(table, texts)
    assert str(occurred(table.records[0], seen)) == "2023-12-31 23:00:00+00:00"
    assert occurred(table.records[1], seen) is None
    assert occurred(table.records[0], read_view(table, texts | {"begun": "x"})) is None
