"""Rows of cells from physical lines: quotes, wrong counts and other broken rows are named."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.doors.connectors.tables.lines import LONGEST, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daytwo.doors.connectors.tables.lines import Line
    from daytwo.doors.connectors.tables.mapping import TableFile

MOST_JOINED = 20
"""Lines that one quoted cell may run over; beyond it the quote counts as forgotten."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the file.

    Attributes:
        number: Where an expert finds it: the line on which it begins, from 1; in a workbook the
            row; in a log or document the how-manieth event or element.
        cells: Its cells, unchanged; empty when `fault` says why there are none to trust.
        fault: What is wrong with the row as a whole; empty for a readable row.
        ended: False for a last row without a line end: its last cell may be cut.
        faults: Index of a cell to why its value cannot be used; such a cell is empty.
    """

    number: int
    cells: tuple[str, ...]
    fault: str = ""
    ended: bool = True
    faults: tuple[tuple[int, str], ...] = ()


def read_rows(path: Path, table: TableFile) -> Iterator[RawRow]:
    """Yield the header and every row after it; rows of blanks only are passed over.

    Rows are not judged against the header here, except that a later row equal to it is a fault.
    """
    header: tuple[str, ...] | None = None
    for row in _join(_Feed(read_lines(path, table.encoding)), table):
        if not row.fault and not any(cell.strip() for cell in row.cells):
            continue
        if header is None:
            header = row.cells
            yield row
        elif row.fault:
            yield row
        elif row.cells == header:
            yield RawRow(row.number, (), "repeats the header: was the file joined from two?")
        elif len(row.cells) != len(header):
            yield RawRow(row.number, (), _miscounted(row, len(header)), row.ended)
        else:
            yield row


def _miscounted(row: RawRow, wanted: int) -> str:
    found = f"has {len(row.cells)} cells where the header has {wanted}"
    if not row.ended and len(row.cells) < wanted:
        return f"{found}, and no line end: the file is cut off here"
    return found


class _Feed:
    """Lines that can be put back: those taken in vain for a quote that is never closed."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._back: deque[Line] = deque()

    def take(self) -> Line | None:
        return self._back.popleft() if self._back else next(self._lines, None)

    def put_back(self, lines: list[Line]) -> None:
        self._back.extendleft(reversed(lines))


def _join(feed: _Feed, table: TableFile) -> Iterator[RawRow]:
    while (line := feed.take()) is not None:
        if line.overlong:
            fault = f"is longer than {LONGEST} characters; nothing of it was read"
            yield RawRow(line.number, (), fault, line.ended)
        elif not table.quote or table.quote not in line.text:
            yield RawRow(line.number, tuple(line.text.split(table.delimiter)), "", line.ended)
        else:
            yield _quoted_row(line, feed, table)


def _quoted_row(first: Line, feed: _Feed, table: TableFile) -> RawRow:
    taken: list[Line] = []
    text, last = first.text, first
    while True:
        cells = split_quoted(text, table.delimiter, table.quote)
        if isinstance(cells, str):
            feed.put_back(taken)
            return RawRow(first.number, (), cells, first.ended)
        if cells is not None:
            return RawRow(first.number, cells, "", last.ended)
        more = feed.take() if len(taken) < MOST_JOINED and len(text) <= LONGEST else None
        if more is not None:
            taken.append(more)
        if more is None or more.overlong:
            feed.put_back(taken)
            return RawRow(first.number, (), "opens a quote that is not closed", first.ended)
        text, last = f"{text}\n{more.text}", more


def split_quoted(text: str, delimiter: str, quote: str) -> tuple[str, ...] | str | None:
    """Split a row that holds quotes; a doubled quote inside a quoted cell is one quote.

    Returns:
        The cells; None while a quoted cell is still open; a text that says what is wrong.

    References:
        RFC 4180, section 2, with any delimiter; a quote inside an unquoted cell is kept as it is.
    """
    cells: list[str] = []
    at = 0
    while True:
        if text.startswith(quote, at):
            cell, at = _quoted_cell(text, at + 1, quote)
            if at < 0:
                return None
            if at < len(text) and not text.startswith(delimiter, at):
                return f"has text after the closing quote of cell {len(cells) + 1}"
        else:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            cell, at = text[at:end], end
        cells.append(cell)
        if at >= len(text):
            return tuple(cells)
        at += len(delimiter)


def _quoted_cell(text: str, at: int, quote: str) -> tuple[str, int]:
    """Return the cell that opens before `at` and the place after its quote; -1 if still open."""
    parts: list[str] = []
    while True:
        end = text.find(quote, at)
        if end < 0:
            return "", -1
        parts.append(text[at:end])
        if not text.startswith(quote, end + 1):
            return "".join(parts), end + 1
        parts.append(quote)
        at = end + 2
