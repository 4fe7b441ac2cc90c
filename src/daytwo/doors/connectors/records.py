"""What every connector hands over: events with the command and the source row they come from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daytwo.kernel.canonical import digest
from daytwo.record.ledger.catalogue import entry_for, payload_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_NAMESPACE = bytes.fromhex("5a1ba4de8f0c5d7e9f533b1f5c0f2d27")
"""Never changed: every import command id ever made hangs on it."""


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where a record stands in the other system's export.

    Attributes:
        system: The source system's name, as the mapping declares it.
        file: File name.
        row: Line of the file on which the row begins, from 1, as an editor shows it.
        field: The column, where one column made the record; else empty.
        site: The site that the mapping declares.
    """

    system: str
    file: str
    row: int
    field: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One natural record of the source: one command, all of it or nothing.

    Attributes:
        command_id: UUIDv5 over system, site, kind and key: the same record always has the same.
        kind: `batch`, `lot`, `consumption`, `yield`, `result`, `parameter`, or an event's name.
        key: The natural key in words, such as `3-164 final dissolution_av`.
        digest: SHA-256 over the events' names and payloads: tells a repeat from a change.
        stream: The ledger stream that the events belong to.
        events: Event objects of the record's catalogue.
        occurred_at: Start of the period in which the source says it happened, UTC; None where
            the source does not say.
        source: Where it stands.
        about: `by`, `role`, `recorded`, `reason`, where the source names them.
    """

    command_id: str
    kind: str
    key: str
    digest: str
    stream: str
    events: tuple[object, ...]
    occurred_at: datetime | None
    source: SourceRef
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a row or one of its fields that a person should know.

    Attributes:
        file: File name.
        row: Line of the file, from 1.
        field: The column; empty when it is about the whole row.
        why: What is wrong, in words.
    """

    file: str
    row: int
    field: str
    why: str

    def as_json(self) -> dict[str, object]:
        """Return the four fields by name."""
        return {"file": self.file, "row": self.row, "field": self.field, "why": self.why}


@dataclass(frozen=True, slots=True)
class RowRead:
    """Everything that came of one source row.

    Attributes:
        file: File name.
        row: Line of the file on which it begins, from 1.
        records: New records that it makes.
        repeated: Records that it states again just as an earlier row of this run did.
        refused: Why the whole row is set aside; None for a row that is kept.
        set_aside: Fields of a kept row that are set aside.
        warnings: Implausible but kept.
        blanks: Declared fields without a value.
        uses: Rows of other files that it was joined with, as (file, row).
        reference: True for a row that makes nothing by itself and waits to be joined.
        passed_over: True for a row that no condition of the mapping asks for.
    """

    file: str
    row: int
    records: tuple[ImportRecord, ...] = ()
    repeated: int = 0
    refused: Remark | None = None
    set_aside: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    blanks: int = 0
    uses: tuple[tuple[str, int], ...] = ()
    reference: bool = False
    passed_over: bool = False


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as it was read: the digest lets anyone prove later which file it was.

    Attributes:
        name: File name.
        sha256: Over its bytes, hexadecimal.
        size: In bytes.
        lines: Physical lines, the header and blank ones included.
    """

    name: str
    sha256: str
    size: int
    lines: int


def command_id_for(system: str, site: str, kind: str, key: Iterable[str]) -> str:
    """Return the command id of a natural record: the same on every run and machine."""
    name = "\x1f".join((system, site, kind, *key)).encode()
    # What `uuid.uuid5` does, at a third of its time: an import makes one for every record.
    hashed = bytearray(hashlib.sha1(_NAMESPACE + name, usedforsecurity=False).digest()[:16])
    hashed[6] = hashed[6] & 0x0F | 0x50
    hashed[8] = hashed[8] & 0x3F | 0x80
    text = hashed.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def digest_of(events: Iterable[object], about: Mapping[str, str] | None = None) -> str:
    """Return the SHA-256 over names and payloads of events, and what is known about them."""
    content: list[object] = [[entry_for(event).name, payload_of(event)] for event in events]
    return digest([*content, dict(about)] if about else content)
