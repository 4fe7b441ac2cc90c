"""Excel workbooks as a format: each sheet is a part, its first row that is not blank the header."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from daytwo.doors.connectors.excel.cells import column_name
from daytwo.doors.connectors.excel.sheet import read_sheet
from daytwo.doors.connectors.excel.workbook import open_workbook
from daytwo.doors.connectors.formats import Format, Part, survey_part
from daytwo.doors.connectors.tables.rows import RawRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daytwo.doors.connectors.excel.sheet import Row
    from daytwo.doors.connectors.excel.workbook import Workbook
    from daytwo.doors.connectors.tables.mapping import TableFile


def parts(path: Path) -> tuple[Part, ...]:
    """List the sheets of a workbook."""
    found: list[Part] = []
    with open_workbook(path) as book:
        for name in book.sheets:
            header: tuple[str, ...] = ()
            count = -1
            for row in _rows(book, name):
                header = header or row.cells
                count += 1
            found.append(Part(name, header, max(count, 0)))
    return tuple(found)


def rows(path: Path, table: TableFile) -> Iterator[RawRow]:
    """Yield the header, then every row with a value in it, by its number in the sheet."""
    with open_workbook(path) as book:
        yield from _rows(book, table.part)


def _rows(book: Workbook, name: str) -> Iterator[RawRow]:
    header: tuple[str, ...] = ()
    for row in read_sheet(book, name):
        if not header:
            if row.faults:
                column, why = next(iter(row.faults.items()))
                yield RawRow(row.number, (), f"in column {column_name(column)} {why}")
                return
            width = max(row.texts) + 1
            header = tuple(row.texts.get(column, "") for column in range(width))
            yield RawRow(row.number, header)
        else:
            yield _row(row, header)


def _row(row: Row, header: tuple[str, ...]) -> RawRow:
    beyond = [column for column in (*row.texts, *row.faults) if column >= len(header)]
    if beyond:
        fault = f"has a value in column {column_name(beyond[0])}, which has no header"
        return RawRow(row.number, (), fault)
    cells = tuple(row.texts.get(column, "") for column in range(len(header)))
    if cells == header:
        fault = "repeats the header: was the sheet joined from two?"
        return RawRow(row.number, (), fault)
    return RawRow(row.number, cells, faults=tuple(row.faults.items()))


FORMAT = Format(
    name="excel",
    title="Excel workbook",
    suffixes=(".xlsx", ".xlsm"),
    has_parts=True,
    sparse=False,
    parts=parts,
    survey=partial(survey_part, parts=parts),
    rows=rows,
)
