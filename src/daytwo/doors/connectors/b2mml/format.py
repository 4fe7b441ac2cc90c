"""B2MML and BatchML as a format: each document is flattened to tables with fixed columns."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from daytwo.doors.connectors.b2mml.document import flatten
from daytwo.doors.connectors.b2mml.kinds import KINDS
from daytwo.doors.connectors.formats import Format, Part, survey_part, unchanged
from daytwo.doors.connectors.tables.rows import RawRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daytwo.doors.connectors.b2mml.kinds import Kind
    from daytwo.doors.connectors.tables.mapping import TableFile


def parts(path: Path) -> tuple[Part, ...]:
    """List every table, with the columns for which the document has any value."""
    return _parts_of(*unchanged(path))


@lru_cache(maxsize=32)
def _parts_of(path: Path, *_: int) -> tuple[Part, ...]:
    """Read a document from end to end; asked for by each of its tables."""
    counts = {kind.part: 0 for kind in KINDS}
    seen: dict[str, set[str]] = {kind.part: set() for kind in KINDS}
    for row in flatten(path):
        counts[row.part] += 1
        seen[row.part].update(row.texts)
    return tuple(
        Part(kind.part, _header(kind, seen[kind.part]), counts[kind.part]) for kind in KINDS
    )


def rows(path: Path, table: TableFile) -> Iterator[RawRow]:
    """Yield the header, then a row for each element of a table as it ends."""
    header = next(part.header for part in parts(path) if part.name == table.part)
    yield RawRow(0, header)
    for row in flatten(path):
        if row.part == table.part:
            yield RawRow(row.number, tuple(row.texts.get(column, "") for column in header))


def _header(kind: Kind, seen: set[str]) -> tuple[str, ...]:
    return tuple(column for column in (*kind.inherited, *kind.columns) if column in seen)


FORMAT = Format(
    name="b2mml",
    title="B2MML / BatchML (ISA-95, ISA-88)",
    suffixes=(".xml",),
    has_parts=True,
    sparse=True,
    parts=parts,
    survey=partial(survey_part, parts=parts),
    rows=rows,
)
