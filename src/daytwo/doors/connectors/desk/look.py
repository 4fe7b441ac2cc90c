"""A look into a file before anything is declared: proposals that a person confirms."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from daytwo.doors.connectors.tables.mapping import TableFile
from daytwo.doors.connectors.tables.rows import RawRow, read_rows
from daytwo.doors.connectors.tables.values import (
    Unreadable,
    clean,
    integer_reader,
    moment_reader,
    number_reader,
)
from daytwo.doors.importing import ColumnLook, FileLook, PartLook, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from daytwo.doors.connectors.tables.values import Cell
    from daytwo.doors.importing import Stored

SUFFIXES = (".csv", ".tsv", ".txt")
"""Ends of the names of files that can be read."""
ROWS = 1_000
"""Rows that are looked at."""
SAMPLES = 5
LONGEST_SAMPLE = 80
MARKS = (";", ",", "\t", "|")
FORMS = (
    "YYYY-MM-DD",
    "YYYY-MM-DD HH:mm",
    "YYYY-MM-DD HH:mm:ss",
    "YYYY-MM-DDTHH:mm:ss",
    "YYYY/MM/DD",
    "YYYY/MM/DD HH:mm:ss",
    "YYYY.MM.DD",
    "YYYYMMDD",
    "DD.MM.YYYY",
    "DD.MM.YYYY HH:mm",
    "DD.MM.YYYY HH:mm:ss",
    "DD.MM.YY",
    "DD.MM.YY HH:mm",
    "DD/MM/YYYY",
    "DD/MM/YYYY HH:mm",
    "DD/MM/YYYY HH:mm:ss",
    "MM/DD/YYYY",
    "MM/DD/YYYY HH:mm",
    "MM/DD/YYYY HH:mm:ss",
    "DD-MM-YYYY",
    "DD-MM-YYYY HH:mm",
    "YYYY-MM",
    "MM/YYYY",
    "MM.YYYY",
)
"""Formats of dates that are tried; a person may declare any other."""
MOST_COLUMNS = 1000
"""More are no table that a person maps, and a page that nobody could read."""
_HEAD = 1 << 20
_DECIMAL = {",": re.compile(r"[+-]?\d+,\d+"), ".": re.compile(r"[+-]?\d+\.\d+")}
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a file: its header, its first rows, and whether there are no more."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    whole: bool


def look(path: Path, file: Stored, reading: Reading | None = None) -> FileLook:
    """Look into a file.

    Args:
        path: Where it lies.
        file: What is known of it.
        reading: How to read it; None proposes.

    Returns:
        What was found; a file that cannot be read so has a `problem` and no parts.
    """
    declared = reading or file.reading
    why = ""
    if declared is None:
        declared, why = propose(path)
    try:
        found = tuple(parts(path, declared))
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        problem = f"It holds the byte 0x{byte:02X}, which is not {declared.encoding}."
        return FileLook(file, "delimited", declared, why, (), problem)
    if not found or not found[0].header:
        return FileLook(file, "delimited", declared, why, (), "It has no header.")
    if (many := max(len(part.header) for part in found)) > MOST_COLUMNS:
        problem = (
            f"It has {many} columns, and a mapping takes {MOST_COLUMNS}: is the delimiter right?"
        )
        return FileLook(file, "delimited", declared, why, (), problem)
    if reading is None and file.reading is None:
        declared = Reading(
            declared.encoding, declared.delimiter, _decimal(found, declared), declared.quote
        )
    looks = tuple(
        PartLook(part.name, _columns(part, declared.decimal), len(part.rows), part.whole)
        for part in found
    )
    return FileLook(file, "delimited", declared, why, looks)


def parts(path: Path, reading: Reading) -> Iterator[Part]:
    """Yield the tables of a file; a delimited one has a single table without a name.

    Raises:
        UnicodeDecodeError: The encoding does not fit what was read.
    """
    rows = read_rows(path, _table(reading))
    header = next(rows, None)
    if header is None:
        return
    kept: list[RawRow] = list(islice(rows, ROWS + 1))
    yield Part(
        "",
        tuple(cell.strip(" \t\xa0\ufeff") for cell in header.cells),
        tuple(row.cells for row in kept[:ROWS] if not row.fault),
        len(kept) <= ROWS,
    )


def propose(path: Path) -> tuple[Reading, str]:
    """Return how a file may be read, and why its encoding is thought to be so."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    encoding, why = _encoding(head, whole=len(head) < _HEAD)
    text = head.decode(encoding, errors="replace")
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    return Reading(encoding, _delimiter(lines)), why


def apparent(samples: Sequence[str], decimal: str) -> tuple[str, tuple[str, ...]]:
    """Return what values look like, and for dates the formats that fit every one of them."""
    if not samples:
        return "empty", ()
    zone = ZoneInfo("UTC")
    fitting = [
        form for form in FORMS if _all_read(samples, moment_reader(form, {}, zone, century=2000))
    ]
    if _all_read(samples, integer_reader(decimal, "")):
        # Eight digits that are days of these times are dates; others are numbers.
        days = [form for form in fitting if form == "YYYYMMDD" and _of_these_times(samples)]
        leading = any(len(text) > 1 and text.startswith("0") for text in samples)
        return ("date", tuple(days)) if days else ("text" if leading else "integer", ())
    if _all_read(samples, number_reader(decimal, "")) and not fitting:
        return "number", ()
    return ("date", tuple(fitting)) if fitting else ("text", ())


def _columns(part: Part, decimal: str) -> tuple[ColumnLook, ...]:
    found = []
    for index, header in enumerate(part.header):
        texts = [_cell(row[index]) for row in part.rows if index < len(row)]
        known = [text for text in texts if text]
        kind, forms = apparent(known, decimal)
        different = tuple(dict.fromkeys(text[:LONGEST_SAMPLE] for text in known))[:SAMPLES]
        found.append(ColumnLook(header, different, len(texts) - len(known), kind, forms))
    return tuple(found)


def _cell(raw: str) -> str:
    try:
        return clean(raw)
    except Unreadable:
        return raw.strip()


def _encoding(head: bytes, *, whole: bool) -> tuple[str, str]:
    for mark, encoding in _BOMS.items():
        if head.startswith(mark):
            return encoding, "bom"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return "cp1252", "bytes"
    return "utf-8", "ascii" if head.isascii() else "utf-8"


def _delimiter(lines: Sequence[str]) -> str:
    """Return the mark that cuts most lines into the same number of cells, above one."""

    def score(mark: str) -> tuple[int, int]:
        counts = Counter(line.count(mark) for line in lines)
        counts.pop(0, None)
        marks, times = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return times, marks

    best = max(MARKS, key=score)
    return best if score(best)[0] else ","


def _decimal(found: Sequence[Part], reading: Reading) -> str:
    seen = Counter(
        mark
        for part in found
        for row in part.rows[:200]
        for cell in row
        for mark, pattern in _DECIMAL.items()
        if pattern.fullmatch(cell.strip())
    )
    return "," if seen[","] > seen["."] and reading.delimiter != "," else "."


def _all_read(samples: Sequence[str], read: Callable[[str], Cell]) -> bool:
    try:
        for text in samples:
            read(text)
    except Unreadable:
        return False
    return True


def _of_these_times(samples: Sequence[str]) -> bool:
    return all("1950" <= text[:4] <= "2099" for text in samples)


def _table(reading: Reading) -> TableFile:
    return TableFile(
        name="look",
        pattern="",
        delimiter=reading.delimiter,
        encoding=reading.encoding,
        quote=reading.quote,
        blanks=frozenset(),
        key=(),
        columns={},
        ignored={},
        lookups={},
        checks=(),
        records=(),
    )
