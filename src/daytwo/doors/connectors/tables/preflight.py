"""Before a row is made: are the files there, readable, and of the columns that were declared?"""

from __future__ import annotations

import difflib
import fnmatch
import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from daytwo.doors.connectors.formats import DELIMITED, Misfit, format_of
from daytwo.doors.connectors.tables.problems import Problem, refuse
from daytwo.doors.connectors.tables.values import Unreadable, clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from daytwo.doors.connectors.records import FileRead
    from daytwo.doors.connectors.tables.mapping import TableFile, TableMapping

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
SAMPLE = 1_000
"""Rows looked at before the import begins."""

LEAST = 5
"""So many values of a column, all unreadable, are no accident: the columns do not fit."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file ready to be read.

    Attributes:
        path: Where it is.
        read: Name under the import folder, digest and size.
        table: What the mapping says of it.
        positions: For each column the index of its cell; a column that a sparse format lacks has
            none, and is blank in every row.
        named: The columns that the file's name gives, such as `press_{batch}.csv`.
    """

    path: Path
    read: FileRead
    table: TableFile
    positions: Mapping[str, int]
    named: Mapping[str, str]


def preflight(mapping: TableMapping, folder: Path) -> tuple[FoundFile, ...]:
    """Find and judge every file of a mapping.

    Raises:
        ConnectorError: `import.files` with every problem; `import.encoding`; nothing was written.
    """
    problems: list[Problem] = []
    found: list[FoundFile] = []
    for table in mapping.files:
        paths = _matching(folder, table)
        if not paths and not table.optional:
            problems.append(_absent(folder, table))
        for path in paths:
            name = path.relative_to(folder).as_posix()
            named = _named(name, table)
            name += f"#{table.part}" if table.part else ""
            try:
                one, wrong = _judged(path, name, table, named)
            except Misfit as error:
                one, wrong = None, [Problem(name, str(error))]
            problems += wrong
            found += [one] if one is not None else []
    if not found and not problems:
        problems = [_nothing(folder, mapping)]
    if problems:
        what = f"The import of {folder.name or folder} with mapping {mapping.id}"
        raise refuse("import.files", what, problems)
    return tuple(found)


def _judged(
    path: Path, name: str, table: TableFile, named: Mapping[str, str]
) -> tuple[FoundFile | None, list[Problem]]:
    read = replace(format_of(table).survey(path, table), name=name)
    positions, wrong = _header(path, name, table, read.lines)
    if wrong:
        return None, wrong
    one = FoundFile(path, read, table, positions, named)
    return one, [*_sampled(one)]


def _matching(folder: Path, table: TableFile) -> list[Path]:
    inside = folder.resolve()
    return sorted(
        path
        for path in folder.glob(_PLACE.sub("*", table.pattern))
        if path.is_file() and path.resolve().is_relative_to(inside)
    )


def _named(name: str, table: TableFile) -> dict[str, str]:
    """Return the texts that stand at the places of a file's pattern."""
    pattern, at = "", 0
    for place in _PLACE.finditer(table.pattern):
        pattern += fnmatch.translate(table.pattern[at : place.start()])[4:-3]
        pattern += f"(?P<{place[1]}>[^/_]+)"
        at = place.end()
    pattern += fnmatch.translate(table.pattern[at:])[4:-3]
    found = re.fullmatch(pattern, name, re.DOTALL)
    return found.groupdict() if found else {}


def _nothing(folder: Path, mapping: TableMapping) -> Problem:
    """Say that a folder has nothing for a mapping whose files are all optional."""
    wanted = ", ".join(dict.fromkeys(table.pattern for table in mapping.files))
    there = ", ".join(_there(folder)[:10]) or "nothing"
    return Problem(folder.name, f"nothing to read: no file is named {wanted}; there is: {there}")


def _there(folder: Path) -> list[str]:
    return sorted(path.name for path in islice(folder.iterdir(), 1000) if path.is_file())


def _absent(folder: Path, table: TableFile) -> Problem:
    if not folder.is_dir():
        return Problem(table.name, f"the folder {folder} is not there")
    inside = folder.resolve()
    for path in sorted(folder.glob(_PLACE.sub("*", table.pattern))):
        if not path.resolve().is_relative_to(inside):
            return Problem(
                table.name,
                f"no file is named {table.pattern!r} but {path.name!r}, a link out of the folder,"
                " which is not followed; put the file itself there",
            )
    there = _there(folder)
    near = difflib.get_close_matches(table.pattern, there, 1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(there[:10])}"
    return Problem(table.name, f"no file is named {table.pattern!r}{hint if there else ''}")


def _header(
    path: Path, name: str, table: TableFile, rows: int
) -> tuple[dict[str, int], list[Problem]]:
    first = next(format_of(table).rows(path, table), None)
    if first is None:
        return {}, [Problem(name, "is empty: it has no header")]
    if first.fault:
        return {}, [Problem(name, f"its header (row {first.number}) {first.fault}")]
    try:
        header = [clean(cell) for cell in first.cells]
    except Unreadable as error:
        hint = f": is the encoding ({table.encoding}) declared right?" if table.encoding else ""
        what = f"its header {error}{hint}"
        return {}, [Problem(name, what)]
    if table.format == DELIMITED and len(header) == 1 and len(table.columns) > 1:
        other = [mark for mark in ";,\t|" if mark in header[0]]
        hint = f"; it holds {other[0]!r}" if other else ""
        what = f"its header is one cell: is the delimiter {table.delimiter!r} right{hint}?"
        return {}, [Problem(name, what)]
    return _positions(header, name, table, rows)


def _positions(
    header: Sequence[str], name: str, table: TableFile, rows: int
) -> tuple[dict[str, int], list[Problem]]:
    claims = {text: column for column in table.columns.values() for text in column.headers}
    positions: dict[str, int] = {}
    problems: list[Problem] = []
    strangers: list[str] = []
    for index, text in enumerate(header):
        column = claims.get(text)
        if column is None:
            if text not in table.ignored:
                strangers.append(text)
        elif column.name in positions:
            problems.append(Problem(name, f"two columns are headed {text!r} or mean the same"))
        else:
            positions[column.name] = index
    told = {place[1] for place in _PLACE.finditer(table.pattern)}
    missing = [c for c in table.columns if c not in positions and c not in told]
    for name_of in missing:
        column = table.columns[name_of]
        near = difflib.get_close_matches(name_of, strangers, 1)
        if format_of(table).sparse and not near and not (column.required and rows):
            continue
        hint = f"; is it {near[0]!r}? Then add that to its `headers`" if near else ""
        headers = " or ".join(map(repr, column.headers))
        problems.append(Problem(name, f"column {headers} is missing{hint}"))
    for text in strangers:
        what = f"column {text!r} is not in the mapping: declare it, or list it under `ignored`"
        problems.append(Problem(name, what))
    return positions, problems


def _sampled(found: FoundFile) -> Iterator[Problem]:
    """Yield the columns of which no value at all can be read: swapped, shifted, misdeclared."""
    samples: dict[str, list[str]] = {name: [] for name in found.positions}
    for row in islice(format_of(found.table).rows(found.path, found.table), 1, SAMPLE + 1):
        for name, index in found.positions.items() if not row.fault else ():
            text = row.cells[index].strip()
            if text and text not in found.table.blanks:
                samples[name].append(text)
    hopeless = {
        name: why
        for name, texts in samples.items()
        if len(texts) >= LEAST and (why := _never_reads(found.table, name, texts))
    }
    for name, why in hopeless.items():
        swap = [
            other
            for other in hopeless
            if other != name and not _never_reads(found.table, name, samples[other])
        ]
        hint = f"; column {swap[0]!r} would fit: are the two swapped?" if swap else ""
        yield Problem(
            found.read.name, f"no value of column {name!r} can be read; the first {why}{hint}"
        )


def _never_reads(table: TableFile, name: str, texts: Sequence[str]) -> str:
    """Return why the first text cannot be read, or nothing when any of them can."""
    first = ""
    for text in texts:
        try:
            table.columns[name].read(clean(text))
        except Unreadable as error:
            first = first or str(error)
        else:
            return ""
    return first
