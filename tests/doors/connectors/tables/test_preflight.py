"""Files that do not fit are explained before a row is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.tables.preflight import preflight
from daytwo.doors.connectors.tables.reader import open_tables
from daytwo.kernel.errors import ConnectorError
from tests.doors.connectors.sample import BATCHES, HEADER, MAPPING, ROWS, changed, plant

if TYPE_CHECKING:
    from pathlib import Path

MANY = HEADER + "".join(ROWS[0].replace("B1", f"B{n}") for n in range(8))


def look(folder: Path) -> list[str]:
    return [found.read.name for found in preflight(load_mapping(folder / "mapping.yaml"), folder)]


def refused(folder: Path) -> str:
    with pytest.raises(ConnectorError) as error:
        look(folder)
    assert error.value.code == "import.files"
    assert "Nothing was written" in str(error.value)
    return str(error.value)


def test_files_are_found_in_reading_order(tmp_path: Path) -> None:
    plant(tmp_path, **{"batches-2": BATCHES, "other": "x"})
    assert look(tmp_path) == ["products.csv", "batches-2.csv", "batches.csv"]


def test_missing_file_is_named_with_the_nearest(tmp_path: Path) -> None:
    plant(tmp_path)
    (tmp_path / "products.csv").rename(tmp_path / "product.csv")
    assert "no file is named 'products.csv'; did you mean 'product.csv'?" in refused(tmp_path)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    mapping = load_mapping(plant(tmp_path) / "mapping.yaml")
    with pytest.raises(ConnectorError, match="is not there"):
        preflight(mapping, tmp_path / "none")


def test_optional_file_may_be_missing(tmp_path: Path) -> None:
    plant(tmp_path, mapping=changed("files", 0, "optional", to=True))
    (tmp_path / "products.csv").unlink()
    assert look(tmp_path) == ["batches.csv"]


def test_folder_with_nothing_for_the_mapping_is_refused(tmp_path: Path) -> None:
    files = yaml.safe_load(MAPPING)["files"]
    plant(tmp_path, mapping=changed("files", to=[{**file, "optional": True} for file in files]))
    (tmp_path / "products.csv").unlink()
    (tmp_path / "batches.csv").rename(tmp_path / "lots.csv")
    told = refused(tmp_path)
    assert "nothing to read: no file is named products.csv, batches*.csv" in told
    assert "lots.csv" in told


def test_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    plant(folder)
    (folder / "products.csv").rename(tmp_path / "outside.csv")
    (folder / "products.csv").symlink_to(tmp_path / "outside.csv")
    said = refused(folder)
    assert "'products.csv', a link out of the folder, which is not followed" in said
    assert "did you mean" not in said


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("batch;product;begun;lot;water;asay;low\n", "column 'high' is missing"),
        (HEADER.replace("lot", "lott"), "is it 'lott'? Then add that to its `headers`"),
        (HEADER.replace("\n", ";note\n"), "column 'note' is not in the mapping"),
        (HEADER.replace("asay", "asay;assay"), "two columns are headed 'assay' or mean the same"),
        (HEADER.replace(";", ","), "is the delimiter ';' right; it holds ','?"),
        (HEADER.replace("batch", "bat\x00ch"), "encoding (utf-8) declared right?"),
        ("", "is empty"),
        ("\n \n", "is empty"),
        ('"batch;product\n', "opens a quote that is not closed"),
    ],
)
def test_header_that_does_not_fit_is_explained(tmp_path: Path, header: str, why: str) -> None:
    plant(tmp_path, header + (ROWS[0] if header.strip() else ""))
    assert why in refused(tmp_path)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    plant(tmp_path, HEADER.replace("lot", "a").replace("low", "b"), products="produkt;title\n")
    said = refused(tmp_path)
    assert said.count("\n  - ") == 6


def test_columns_may_stand_in_any_order_and_bear_blanks_or_a_mark(tmp_path: Path) -> None:
    lines = [line.split(";") for line in BATCHES.splitlines()]
    turned = "\n".join(";".join(reversed(line)) for line in lines)
    plant(tmp_path, turned, products="\ufeffproduct ;  title\nP1;Pills\n")
    assert len(look(tmp_path)) == 2


def test_swapped_columns_are_recognised(tmp_path: Path) -> None:
    plant(tmp_path, MANY.replace("begun;lot;water", "water;lot;begun"))
    said = refused(tmp_path)
    assert "no value of column 'begun' can be read; the first '1,50' is not of the form" in said
    assert "column 'water' would fit: are the two swapped?" in said


def test_wrong_decimal_mark_is_recognised(tmp_path: Path) -> None:
    plant(tmp_path, MANY, mapping=changed("files", 1, "decimal", to="."))
    assert "is not a number (is the decimal mark declared right?)" in refused(tmp_path)


def test_a_few_bad_values_are_left_to_their_rows(tmp_path: Path) -> None:
    plant(tmp_path, MANY.replace("jan", "foo", 3))
    assert len(look(tmp_path)) == 2


def test_wrong_encoding_stops_before_a_row_is_made(tmp_path: Path) -> None:
    plant(tmp_path, BATCHES.replace("B2", "Bč").encode("cp1250"))
    with pytest.raises(ConnectorError, match=r"batches\.csv: row 3 holds the byte 0xE8") as error:
        look(tmp_path)
    assert error.value.code == "import.encoding"


def log(folder: Path, event: str, columns: str, ignored: str = "index: x, last: x") -> Path:
    """Write a log of one event and a mapping that reads it."""
    (folder / "a.xes").write_text(f"<log><trace><event>{event}</event></trace></log>")
    entry = f"{{name: log, path: a.xes, format: xes, part: events, columns: {{{columns}}}, "
    entry += f"ignored: {{{ignored}}}, records: [{RECORD}]}}"
    (folder / "mapping.yaml").write_text(f"{MAPPING.partition('files:')[0]}files: [{entry}]")
    return folder


RECORD = '{make: lot, id: "{lot}", material_code: "{m}", material_name: x, status: unknown}'
LOT = "<string key='lot' value='L1'/>"


def test_attribute_that_no_event_of_a_log_has_is_blank(tmp_path: Path) -> None:
    folder = log(tmp_path, LOT, "lot: , m: ")
    (row,) = open_tables(load_mapping(folder / "mapping.yaml"), folder).rows()
    assert (row.blanks, row.records) == (1, ())


def test_required_or_misspelt_attribute_must_be_there(tmp_path: Path) -> None:
    assert "column 'm' is missing" in refused(log(tmp_path, LOT, "lot: , m: {required: true}"))
    said = refused(log(tmp_path, "<string key='lott' value='L1'/>", "lot: , m: "))
    assert "column 'lot' is missing; is it 'lott'?" in said
    assert "column 'lott' is not in the mapping" in said
