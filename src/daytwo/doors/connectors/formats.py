"""The formats of files that a mapping can read, found by folder: all become rows of named texts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import daytwo.doors.connectors as here
from daytwo.doors.connectors.records import FileRead
from daytwo.kernel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from daytwo.doors.connectors.tables.mapping import TableFile
    from daytwo.doors.connectors.tables.rows import RawRow

DELIMITED = "delimited"
"""The format of a file that a mapping says nothing else of."""

_CHUNK = 1 << 20


class Misfit(Exception):  # noqa: N818 - what the file is
    """A file cannot be read as its format: the text says where and why. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table inside a file.

    Attributes:
        name: By which a mapping's `part` names it; empty for the one table of a delimited file.
        header: Its columns.
        rows: Rows below the header.
    """

    name: str
    header: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Format:
    """One format; each folder beside this file that has a `format.py` with a `FORMAT` is one.

    Attributes:
        name: What a mapping's `format` says.
        title: For people.
        suffixes: Ends of file names, with their dot, longest first.
        has_parts: True where a file holds several tables, so that a mapping must name one.
        sparse: True where a column is there only if some row has a value for it: then a column
            that the mapping declares and the file lacks is a column of blanks.
        parts: Lists the tables of a file, reading it from end to end; raises `Misfit`.
        survey: Reads a file from end to end before anything is made of it; raises `Misfit`, or
            `ConnectorError` where the format has an error of its own.
        rows: Yields the header, then every row below it, in bounded memory.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    has_parts: bool
    sparse: bool
    parts: Callable[[Path], tuple[Part, ...]]
    survey: Callable[[Path, TableFile], FileRead]
    rows: Callable[[Path, TableFile], Iterator[RawRow]]


@cache
def formats() -> dict[str, Format]:
    """Return every format by name.

    Raises:
        Fault: `import.format_doubled` when two folders claim one name.
    """
    found: dict[str, Format] = {}
    for module in iter_modules(here.__path__, f"{here.__name__}."):
        if not module.ispkg or find_spec(f"{module.name}.format") is None:
            continue
        one: Format = import_module(f"{module.name}.format").FORMAT
        if one.name in found:
            raise Fault("import.format_doubled", f"Two folders claim the format {one.name!r}.")
        found[one.name] = one
    return found


def format_of(table: TableFile) -> Format:
    """Return the format that a mapping declares for a file."""
    return formats()[table.format]


def fitting(name: str) -> tuple[Format, ...]:
    """Return the formats that a file of this name may be of, the longest ending first."""
    ends = [
        (len(suffix), one)
        for one in formats().values()
        for suffix in one.suffixes
        if name.lower().endswith(suffix)
    ]
    return tuple(one for _, one in sorted(ends, key=lambda end: -end[0]))


def unchanged(path: Path) -> tuple[Path, int, int]:
    """Return what tells a file from a later state of it, to keep what was found out about it.

    Raises:
        Misfit: It cannot be read.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise Misfit(f"cannot be read ({error.strerror or error})") from error
    return path, stat.st_size, stat.st_mtime_ns


def survey_part(
    path: Path, table: TableFile, parts: Callable[[Path], tuple[Part, ...]]
) -> FileRead:
    """Survey a file of several tables: read it whole, and find the one that is declared.

    Raises:
        Misfit: The file is broken, or has no such part.
    """
    found = parts(path)
    rows = next((part.rows for part in found if part.name == table.part), None)
    if rows is None:
        there = ", ".join(part.name for part in found[:20]) or "none"
        raise Misfit(f"has no part {table.part!r}; there are: {there}")
    return file_read(path, rows)


def file_read(path: Path, rows: int) -> FileRead:
    """Return name, digest and size of a file with the rows that were counted in it.

    Raises:
        Misfit: It cannot be read.
    """
    hash_, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                hash_.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise Misfit(f"cannot be read ({error.strerror or error})") from error
    return FileRead(path.name, hash_.hexdigest(), size, rows)
