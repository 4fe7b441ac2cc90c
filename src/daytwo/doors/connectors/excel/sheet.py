"""Rows of a sheet as texts: values that were stored, never formulas; what has none is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.connectors.excel.cells import Unusable, column_of, moment_text, number_text
from daytwo.doors.connectors.formats import Misfit
from daytwo.doors.connectors.xmlfile import Start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.doors.connectors.excel.workbook import Workbook
    from daytwo.doors.connectors.xmlfile import End

NO_VALUE = "is a formula whose value was not stored: open the workbook in Excel and save it"


class Row:
    """One row of a sheet.

    Attributes:
        number: As Excel shows it.
        texts: Column, from 0, to text; blank cells are not there.
        faults: Column to why its cell has no value that can be used.
    """

    __slots__ = ("faults", "number", "texts")

    def __init__(self, number: int) -> None:
        """Begin an empty row."""
        self.number = number
        self.texts: dict[int, str] = {}
        self.faults: dict[int, str] = {}


def read_sheet(book: Workbook, name: str) -> Iterator[Row]:
    """Yield the rows of a sheet that hold anything.

    Raises:
        Misfit: The sheet is broken.
    """
    row = Row(0)
    cell = _Cell({})
    column = -1
    try:
        for item in book.sheet(name):
            if isinstance(item, Start):
                if item.name == "row":
                    row, column = Row(_number(item, row.number)), -1
                elif item.name == "c":
                    place = item.attributes.get("r")
                    column = column + 1 if place is None else column_of(place)
                    cell = _Cell(item.attributes)
                else:
                    cell.begin(item.name)
            elif item.name == "c":
                _enter(row, column, cell, book)
            elif item.name == "row":
                if row.texts or row.faults:
                    yield row
            else:
                cell.end(item)
    except Unusable as error:
        raise Misfit(f"sheet {name!r} {error}") from error


def _number(item: Start, before: int) -> int:
    text = item.attributes.get("r", "")
    number = int(text) if text.isdecimal() else before + 1
    if number <= before:
        raise Misfit(f"line {item.line}: row {number} of the sheet stands after row {before}")
    return number


class _Cell:
    """Collects what stands inside one `c` element."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.type = attributes.get("t", "n")
        self.style = attributes.get("s", "0")
        self.value: str | None = None
        self.pieces: list[str] = []
        self.formula = False
        self.spoken = 0

    def begin(self, name: str) -> None:
        self.formula = self.formula or name == "f"
        self.spoken += name == "rPh"

    def end(self, item: End) -> None:
        if item.name == "v":
            self.value = item.text
        elif item.name == "t" and not self.spoken:
            self.pieces.append(item.text)
        elif item.name == "rPh":
            self.spoken -= 1

    def text(self, book: Workbook) -> str:
        if self.type == "inlineStr":
            return "".join(self.pieces)
        if not self.value:
            if self.formula and self.type != "str":
                raise Unusable(NO_VALUE)
            return ""
        if self.type == "s":
            found = book.text(self.value)
            if found is None:
                raise Unusable("names a shared text that the workbook lacks")
            return found
        if self.type == "e":
            raise Unusable(f"holds the error {self.value}")
        if self.type == "b":
            return "TRUE" if self.value == "1" else "FALSE"
        if self.type == "n":
            return self._number_text(self.value, book)
        return self.value

    def _number_text(self, value: str, book: Workbook) -> str:
        style = int(self.style) if self.style.isdecimal() else 0
        kind = book.kinds[style] if style < len(book.kinds) else ""
        if kind:
            return moment_text(value, kind, from_1904=book.from_1904)
        return number_text(value)


def _enter(row: Row, column: int, cell: _Cell, book: Workbook) -> None:
    try:
        text = cell.text(book)
    except Unusable as error:
        row.faults[column] = str(error)
        return
    if text.strip():
        row.texts[column] = text
