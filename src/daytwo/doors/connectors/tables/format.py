"""Delimited text files as a format: one table a file, declared by delimiter and encoding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.connectors.formats import DELIMITED, Format, Misfit, Part
from daytwo.doors.connectors.tables.lines import LONGEST, survey
from daytwo.doors.connectors.tables.rows import read_rows, split_quoted

if TYPE_CHECKING:
    from pathlib import Path

    from daytwo.doors.connectors.records import FileRead
    from daytwo.doors.connectors.tables.mapping import TableFile

_MARKS = (";", ",", "\t", "|")


def _survey(path: Path, table: TableFile) -> FileRead:
    return survey(path, table.encoding)


def parts(path: Path) -> tuple[Part, ...]:
    """Propose the one table of a file, for a person who writes a mapping; an import never asks.

    The delimiter that comes most often in the first line is taken; letters that are not UTF-8
    are shown as a replacement.
    """
    try:
        with path.open("rb") as stream:
            first = stream.readline(LONGEST)
            rows = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
    except OSError as error:
        raise Misfit(f"cannot be read ({error.strerror or error})") from error
    text = first.decode("utf-8-sig", errors="replace").rstrip("\r\n")
    mark = max(_MARKS, key=text.count)
    cells = split_quoted(text, mark, '"')
    header = cells if isinstance(cells, tuple) else tuple(text.split(mark))
    return (Part("", tuple(cell.strip() for cell in header), rows),)


FORMAT = Format(
    name=DELIMITED,
    title="Delimited text (CSV, TSV)",
    suffixes=(".csv", ".tsv", ".txt"),
    has_parts=False,
    sparse=False,
    parts=parts,
    survey=_survey,
    rows=read_rows,
)
