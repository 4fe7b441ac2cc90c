"""Workbooks as other programs write them: dates, formulas, errors, bombs and halves."""

from __future__ import annotations

import datetime as dt
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING

import openpyxl
import pytest

from daytwo.doors.connectors import expansion
from daytwo.doors.connectors.excel.format import parts, rows
from daytwo.doors.connectors.excel.sheet import NO_VALUE
from daytwo.doors.connectors.formats import Misfit, Part

if TYPE_CHECKING:
    from pathlib import Path

    from daytwo.doors.connectors.tables.rows import RawRow

NOON = dt.datetime(2024, 5, 31, 12)  # noqa: DTZ001 - a workbook's dates have no zone


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Batches"
    sheet.append([])
    sheet.append(["batch", "when", "n", "note"])
    sheet.append(["B1", dt.date(2024, 5, 31), 0.1, "=text"])
    sheet["D3"].data_type = "s"
    sheet.append(["B2", NOON, 0.1 + 0.2, " two\nlines "])
    sheet.append([])
    sheet.append([7, None, 1e-7, True])
    made.create_sheet("Empty")
    made.create_sheet("Lots").append(["lot"])
    made.create_chartsheet("A chart")
    made.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def read(path: Path, part: str = "Batches") -> list[RawRow]:
    return [*rows(path, SimpleNamespace(part=part))]


def edited(path: Path, member: str, old: str, new: str) -> Path:
    """Return a copy of a workbook with one part changed."""
    copy = path.with_name(f"{path.stem}-.xlsx")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(copy, "w") as after:
        assert member in before.namelist()
        for name in before.namelist():
            text = before.read(name).decode()
            assert name != member or old in text
            after.writestr(name, text.replace(old, new) if name == member else text)
    return copy


SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


def test_sheets_are_parts(book: Path) -> None:
    assert parts(book) == (
        Part("Batches", ("batch", "when", "n", "note"), 3),
        Part("Empty", (), 0),
        Part("Lots", ("lot",), 0),
    )


def test_cells_are_texts_at_the_rows_that_excel_shows(book: Path) -> None:
    assert [(row.number, row.cells) for row in read(book)] == [
        (2, ("batch", "when", "n", "note")),
        (3, ("B1", "2024-05-31", "0.1", "=text")),
        (4, ("B2", "2024-05-31T12:00:00", "0.3", " two\nlines ")),
        (6, ("7", "", "0.0000001", "TRUE")),
    ]


def test_formula_gives_its_stored_value_and_never_its_text(book: Path) -> None:
    stored = edited(book, SHEET, "<v>0.1</v>", "<f>1/10</f><v>0.1</v>")
    assert read(stored)[1].cells[2] == "0.1"
    bare = edited(book, SHEET, "<v>0.1</v>", "<f>1/10</f><v/>")
    assert read(bare)[1].cells[2] == ""
    assert read(bare)[1].faults == ((2, NO_VALUE),)


def test_error_in_a_cell_is_no_value(book: Path) -> None:
    path = edited(book, SHEET, '<c r="C3" t="n"><v>0.1', '<c r="C3" t="e"><v>#DIV/0!')
    assert read(path)[1].faults == ((2, "holds the error #DIV/0!"),)


def test_value_beyond_the_header_sets_its_row_aside(book: Path) -> None:
    path = edited(book, SHEET, '<c r="D6"', '<c r="F6"')
    assert read(path)[-1].fault == "has a value in column F, which has no header"


def test_header_that_comes_again_sets_its_row_aside(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["a", "b"], [1, 2], ["a", "b"]):
        made.active.append(row)
    made.save(tmp_path / "twice.xlsx")
    assert "repeats the header" in read(tmp_path / "twice.xlsx", "Sheet")[-1].fault


def test_cells_and_rows_without_a_place_follow_each_other(book: Path) -> None:
    path = edited(book, SHEET, ' r="C4"', "")
    assert read(path)[2].cells[2] == "0.3"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('<row r="4"', '<row r="3"', "row 3 of the sheet stands after row 3"),
        ('r="C4"', 'r="C-4"', "no place of a sheet"),
        ("<sheetData>", "<sheetData><row>", "not well-formed"),
        ("<worksheet", "<!DOCTYPE w [<!ENTITY a 'b'>]><worksheet", "document type declaration"),
    ],
)
def test_broken_sheet_is_refused(book: Path, old: str, new: str, why: str) -> None:
    with pytest.raises(Misfit, match=why):
        read(edited(book, SHEET, old, new))


TEXTS = "<si><r><t>Lo</t></r><r><t>t 1</t></r><rPh><t>spoken</t></rPh></si>"


def shared(book: Path, number: str) -> RawRow:
    """Read the row whose first cell is a shared text; there is one, spoken, in two styles."""
    inline = 't="inlineStr"><is><t>B1</t></is>'
    path = edited(book, SHEET, inline, f't="s"><v>{number}</v>')
    relation = '<Relationship Type="x/sharedStrings" Target="/xl/texts.xml" Id="rId99"/>'
    path = edited(path, RELATIONS, "</Relationships>", f"{relation}</Relationships>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/texts.xml", f"<sst>{TEXTS}</sst>")
    return read(path)[1]


def test_shared_text_is_read_without_styles_and_how_it_is_spoken(book: Path) -> None:
    assert shared(book, "0").cells[0] == "Lot 1"


@pytest.mark.parametrize("number", ["1", "-1", "x", "9" * 30])
def test_missing_shared_text_is_no_value(book: Path, number: str) -> None:
    assert shared(book, number).faults == ((0, "names a shared text that the workbook lacks"),)


def test_zip_bomb_is_refused_by_what_it_declares(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.bin", bytes(4 << 20))
    assert len(parts(book)) == 3
    monkeypatch.setattr(expansion, "FREE_BYTES", 1 << 20)
    with pytest.raises(Misfit, match="made to exhaust a computer"):
        parts(book)


def test_zip_that_declares_less_than_it_holds_gives_no_more(book: Path) -> None:
    data = book.read_bytes()
    with zipfile.ZipFile(book) as archive:
        size = archive.getinfo(SHEET).file_size
    told = data.replace(size.to_bytes(4, "little"), (200).to_bytes(4, "little"))
    assert told != data
    book.write_bytes(told)
    with pytest.raises(Misfit, match=r"sheet1\.xml"):
        read(book)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "protected by a password or in the format before 2007"),
        (b"PK\x03\x04" + bytes(60), "is it cut off"),
    ],
)
def test_what_is_no_workbook_is_explained(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(Misfit, match=why):
        parts(path)


def test_zip_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    with pytest.raises(Misfit, match=r"lacks its part _rels/\.rels"):
        parts(path)


def test_packing_that_no_workbook_has_is_refused(book: Path) -> None:
    with zipfile.ZipFile(book, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/media/a.bin", b"any")
    with pytest.raises(Misfit, match="packed in a way that no workbook is"):
        parts(book)
