"""A mapping as values: what the files of one source system hold and what their rows make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from daytwo.doors.connectors.tables.gather import GatherSpec
    from daytwo.doors.connectors.tables.generic import EventSpec
    from daytwo.doors.connectors.tables.templates import Ref, Template
    from daytwo.doors.connectors.tables.values import Cell


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Attributes:
        name: By which the mapping speaks of it.
        headers: What may stand in the header for it, typos of the source included.
        unit: Unit of its numbers; empty where the source states none.
        required: A row without it is set aside as a whole.
        read: Makes a cell of a trimmed, non-blank text; raises `values.Unreadable`.
        is_number: True for numbers.
        is_moment: True for dates.
    """

    name: str
    headers: tuple[str, ...]
    unit: str
    required: bool
    read: Callable[[str], Cell]
    is_number: bool
    is_moment: bool


@dataclass(frozen=True, slots=True)
class Lookup:
    """A join: the row of another file whose key equals columns of this row.

    Attributes:
        name: By which `lookup.column` speaks of it.
        file: The other file's name in the mapping.
        match: The other file's key column to this file's column, in the order of that key.
        required: A row that finds none is set aside as a whole.
    """

    name: str
    file: str
    match: Mapping[str, str]
    required: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A plausibility check on each row.

    Attributes:
        kind: `ascending` (each at least the one before), `equal` or `range`.
        refs: The columns compared, in order.
        low: For `range`: least plausible value; None for none.
        high: For `range`: greatest plausible value; None for none.
        sets_aside: True to set the columns aside, False to warn and keep them.
        why: What a failure means, from the mapping's author; may be empty.
    """

    kind: str
    refs: tuple[Ref, ...]
    low: str | None
    high: str | None
    sets_aside: bool
    why: str


@dataclass(frozen=True, slots=True)
class Item:
    """A column that makes a record of its own: a test, a yield, a process parameter."""

    column: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """What one row makes.

    Attributes:
        kind: `batch`, `lot`, `consumption`, `yields`, `results`, `parameters`, or an event's name.
        texts: Fields that are texts made of columns.
        refs: Fields that are a column's value.
        items: For the plural kinds: one record for each.
        occurred: The date column that says when; None where the source does not say.
        event: How an event of the catalogue is made; None for the kinds with a word of their own.
        gather: How many rows make one trace.
    """

    kind: str
    texts: Mapping[str, Template]
    refs: Mapping[str, Ref]
    items: tuple[Item, ...]
    occurred: Ref | None
    event: EventSpec | None = None
    gather: GatherSpec | None = None


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file, or several of one layout, read in the order of their names.

    Attributes:
        format: Name of its format; see `formats`.
        part: Which table inside the file; empty for a format of one table a file.
    """

    name: str
    pattern: str
    delimiter: str
    encoding: str
    quote: str
    blanks: frozenset[str]
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    ignored: Mapping[str, str]
    lookups: Mapping[str, Lookup]
    checks: tuple[Check, ...]
    records: tuple[RecordSpec, ...]
    optional: bool = False
    format: str = "delimited"
    part: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A whole mapping file.

    Attributes:
        id: The mapping's name.
        version: Raised with every change of its meaning.
        system: The source system's name: part of every imported record's identity.
        site: The site that the records belong to: part of it as well.
        title: For people.
        citation: Where the data come from.
        time_zone: IANA name.
        files: In reading order; a lookup looks only into files above.
        sha256: Digest of the mapping file's bytes.
        joins: Other systems of the site whose batches and lots these files speak of.
    """

    id: str
    version: int
    system: str
    site: str
    title: str
    citation: str
    time_zone: str
    files: tuple[TableFile, ...]
    sha256: str = ""
    looked_up: frozenset[str] = field(default_factory=frozenset)
    joins: frozenset[str] = frozenset()
