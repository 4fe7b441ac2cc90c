"""The mapping as a form: it shows the text, writes the text, and loses nothing it does not show."""

from __future__ import annotations

import pytest
import yaml

from daytwo.doors.connectors.desk import form
from daytwo.doors.connectors.desk.references import rename, used_names
from daytwo.doors.connectors.desk.yamltext import dump, shape
from daytwo.doors.importing import ColumnLook
from tests.doors.connectors import sample

DATA = yaml.safe_load(sample.MAPPING)
HEADERS = sample.HEADER.strip().split(";")
FOUND = [ColumnLook(header, ("x",), 0, "text") for header in HEADERS]
BEGUN = ColumnLook("begun", ("jan.24", "xyz"), 1, "text")


def found(entry: dict) -> tuple[str, list[ColumnLook]]:
    return "batches.csv", [BEGUN if look.header == "begun" else look for look in FOUND]


def filled(given: dict[str, str], index: int = 1) -> dict:
    data = form.filled(sample.MAPPING, index, given, found)
    assert data is not None
    return data


def test_form_that_changes_nothing_leaves_the_mapping_as_it_was() -> None:
    for section in ("columns", "records"):
        assert filled({"section": section}) == DATA


def test_text_that_the_form_writes_means_the_same() -> None:
    assert shape(dump(DATA)) == DATA
    assert "product:\n" in dump(DATA)


@pytest.mark.parametrize(
    "text", ["", "a: [", "files: 3", "files: [1]", "files: [{columns: [a]}]", "a: &x 1\nb: *x"]
)
def test_text_that_no_form_can_show_says_so(text: str) -> None:
    shown = form.mapping_form(text, 0, found)
    assert shown.broken
    assert form.filled(text, 0, {}, found) is None


def test_form_shows_columns_with_how_they_read() -> None:
    shown = form.mapping_form(sample.MAPPING, 1, found)
    assert shown.file is not None
    assert shown.files == ("products", "batches")
    assert shown.file.beyond == ("lookups", "checks")
    by_header = {column.header: column for column in shown.file.columns}
    assay = by_header["asay"]
    assert (assay.name, assay.kind, assay.unit, assay.used) == ("assay", "number", "%", True)
    begun = by_header["begun"]
    assert [(e.raw, e.read, bool(e.fault)) for e in begun.examples] == [
        ("jan.24", "2024-01 (month)", False),
        ("xyz", "", True),
    ]
    assert by_header["batch"].key


def test_comments_are_counted_because_the_form_loses_them() -> None:
    assert form.mapping_form(f"# why\n{sample.MAPPING}", 0, found).remarks == 1
    assert form.mapping_form(sample.MAPPING, 0, found).remarks == 0


def test_column_is_declared_by_the_form() -> None:
    at = f"c{HEADERS.index('lot')}-"
    data = filled(
        {
            "section": "columns",
            "has_keys": "1",
            "c0-key": "1",
            f"{at}state": "read",
            f"{at}name": "lot",
            f"{at}kind": "date",
            f"{at}form": "DD.MM.YYYY",
            f"{at}unit": "kg",
            f"{at}required": "1",
        }
    )
    assert data["files"][1]["columns"]["lot"] == {
        "type": "date",
        "format": "DD.MM.YYYY",
        "required": True,
    }
    assert data["files"][1]["key"] == ["batch"]
    assert list(data["files"][1]["columns"]) == list(DATA["files"][1]["columns"])


def test_renamed_column_is_renamed_wherever_it_is_spoken_of() -> None:
    entry = yaml.safe_load(sample.MAPPING)["files"][1]
    for old, new in (("batch", "lot_no"), ("low", "least"), ("product", "item"), ("begun", "at")):
        rename(entry, old, new)
    batch, *_, results = entry["records"]
    assert batch["id"] == "{lot_no}"
    assert (batch["started"], batch["occurred"]) == ("at", "at")
    assert results["tests"] == {"assay": "Assay", "least": "Lowest", "high": "Highest"}
    assert entry["key"] == ["lot_no"]
    assert entry["lookups"]["of"]["match"] == {"product": "item"}
    assert entry["checks"][0]["ascending"] == ["least", "high"]
    assert entry["records"][2]["batch"] == "{lot_no}"
    assert batch["status"] == "released"


def test_column_left_out_keeps_its_reason() -> None:
    at = f"c{HEADERS.index('high')}-"
    data = filled({"section": "columns", f"{at}state": "ignored", f"{at}why": "not needed"})
    assert data["files"][1]["ignored"] == {"high": "not needed"}
    assert "high" not in data["files"][1]["columns"]
    back = form.filled(dump(data), 1, {"section": "columns", f"{at}state": "read"}, found)
    assert back is not None
    assert "high" in back["files"][1]["columns"]
    assert "ignored" not in back["files"][1]


def test_every_unused_column_is_left_out_at_once() -> None:
    text = sample.changed("files", 1, "records", 4, to=None)
    data = form.filled(
        text, 1, {"section": "columns", "ignore_unused": "1", "ignore_why": "later"}, found
    )
    assert data is not None
    # low, high and assay are still compared by the checks, so they are used.
    assert "ignored" not in data["files"][1]
    data["files"][1].pop("checks")
    data = form.filled(
        dump(data), 1, {"section": "columns", "ignore_unused": "1", "ignore_why": "later"}, found
    )
    assert data is not None
    assert data["files"][1]["ignored"] == {"asay": "later", "low": "later", "high": "later"}


def test_column_is_used_when_another_file_looks_it_up() -> None:
    assert used_names(DATA, DATA["files"][0]) == {"product", "title"}


def test_settings_value_maps_and_the_whole_are_written() -> None:
    data = filled(
        {
            "section": "columns",
            "f-encoding": "cp1250",
            "f-decimal": ".",
            "f-thousands": " ",
            "f-blanks": "n/a\n\n-",
            "a-title": "Other",
            "a-system": "new-mes",
            "a-time_zone": "UTC",
            "v-months": "jan = 1\nfeb = 2",
            "v-new-name": "states",
            "v-new": "ok = released\nno",
        }
    )
    entry = data["files"][1]
    assert (entry["encoding"], entry["decimal"], entry["thousands"]) == ("cp1250", ".", " ")
    assert entry["blanks"] == ["n/a", "-"]
    assert (data["title"], data["source"]["system"], data["time_zone"]) == (
        "Other",
        "new-mes",
        "UTC",
    )
    assert data["values"] == {
        "months": {"jan": "1", "feb": "2"},
        "states": {"ok": "released", "no": "no"},
    }
    assert list(data)[-1] == "files"


def test_record_is_written_by_the_form() -> None:
    data = filled(
        {
            "section": "records",
            "r0-strength": "10 mg",
            "r0-occurred": "",
            "r3-tests": "lot = Lot",
            "r0-size": "lot",
        }
    )
    batch, results = data["files"][1]["records"][0], data["files"][1]["records"][3]
    assert (batch["strength"], batch["size"]) == ("10 mg", "lot")
    assert "occurred" not in batch
    assert results["tests"] == {"lot": "Lot"}


def test_event_is_written_with_what_stands_around_it() -> None:
    text = sample.changed(
        "files", 1, "records", 0, to={"make": "quality.deviation.closed", "fields": {}}
    )
    data = form.filled(
        text,
        1,
        {
            "section": "records",
            "r0-shown": "1",
            "r0-f-deviation_id": "D-{batch}",
            "r0-by": "{lot}",
            "r0-when": "product = P1 | P2\nlot =",
            "r0-once": "1",
            "r0-occurred": "begun",
        },
        found,
    )
    assert data is not None
    assert data["files"][1]["records"][0] == {
        "make": "quality.deviation.closed",
        "fields": {"deviation_id": "D-{batch}"},
        "by": "{lot}",
        "when": {"product": ["P1", "P2"], "lot": []},
        "once": True,
        "occurred": "begun",
    }
    shown = form.mapping_form(dump(data), 1, found)
    assert shown.file is not None
    values = {field.name: field.value for field in shown.file.records[0].fields}
    assert values["when"] == "product = P1 | P2\nlot = "
    assert values["once"] == "true"
    again = form.filled(dump(data), 1, {"section": "records", "r0-shown": "1"}, found)
    assert again is not None
    assert "once" not in again["files"][1]["records"][0]


def test_quantity_may_bring_its_own_unit() -> None:
    record = {"make": "batch.material.consumed", "fields": {"batch_id": "{batch}"}}
    text = sample.changed("files", 1, "records", 0, to=record)
    given = {"section": "records", "r0-f-quantity": "{water}", "r0-f-quantity-unit": "kg"}
    data = form.filled(text, 1, given, found)
    assert data is not None
    fields = data["files"][1]["records"][0]["fields"]
    assert fields["quantity"] == {"number": "{water}", "unit": "kg"}
    shown = form.mapping_form(dump(data), 1, found)
    assert shown.file is not None
    quantity = next(f for f in shown.file.records[0].fields if f.name == "quantity")
    assert (quantity.value, quantity.unit, quantity.takes) == ("{water}", "kg", "number")


def test_trace_lists_its_columns_and_takes_one_from_the_name() -> None:
    record = {"make": "trace", "batch": "{batch}", "name": "press", "time": "begun"}
    entry = {"name": "press", "path": "press_{batch}.csv", "columns": {"batch": None, "low": None}}
    text = dump({"files": [{**entry, "records": [record]}]})
    given = {"section": "records", "r0-columns": "low\n high\n", "r0-most": "60"}
    data = form.filled(text, 0, given, found)
    assert data is not None
    made = data["files"][0]["records"][0]
    assert (made["columns"], made["most"], made["time"]) == (["low", "high"], 60, "begun")
    assert used_names(data, data["files"][0]) >= {"batch", "low", "high", "begun"}
    rename(data["files"][0], "low", "least")
    rename(data["files"][0], "batch", "lot")
    assert made["columns"] == ["least", "high"]
    assert data["files"][0]["path"] == "press_{lot}.csv"
    shown = form.mapping_form(dump(data), 0, found)
    assert shown.file is not None
    values = {field.name: field.value for field in shown.file.records[0].fields}
    assert (values["columns"], values["most"]) == ("least\nhigh", "60")
