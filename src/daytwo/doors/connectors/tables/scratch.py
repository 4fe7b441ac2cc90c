"""What one run must remember of rows and records, on disk beyond a few megabytes."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Sequence

_WHOLE = 16  # bytes of a row's digest; two more for each cell tell which one differs


@dataclass(frozen=True, slots=True)
class Known:
    """A row or record met earlier in this run."""

    file: str
    row: int
    print: bytes


@dataclass(frozen=True, slots=True)
class Partner:
    """A row that a lookup found; `texts` is None for one that was set aside."""

    file: str
    row: int
    texts: tuple[str, ...] | None


class Scratch:
    """A private temporary database: gone when it is closed, or when the process ends."""

    def __init__(self) -> None:
        """Open it; SQLite spills it to a nameless file when it outgrows its cache."""
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA cache_size = -32768;"
            "CREATE TABLE row (source TEXT, key TEXT, file TEXT, number INTEGER, print BLOB,"
            " texts TEXT, PRIMARY KEY (source, key)) WITHOUT ROWID;"
            "CREATE TABLE record (id BLOB PRIMARY KEY, digest BLOB, file TEXT, number INTEGER)"
            " WITHOUT ROWID; BEGIN;"
        )

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def first_row(self, source: str, key: Sequence[str], row: Known) -> Known | None:
        """Remember a keyed row; return the one that had its key before, if any."""
        name = _joined(key)
        added = self._db.execute(
            "INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?, ?, NULL)",
            (source, name, row.file, row.row, row.print),
        )
        if added.rowcount:
            return None
        found = self._db.execute(
            "SELECT file, number, print FROM row WHERE source = ? AND key = ?", (source, name)
        ).fetchone()
        return Known(*found)

    def keep_texts(self, source: str, key: Sequence[str], texts: Sequence[str]) -> None:
        """Keep a remembered row's cells for lookups."""
        self._db.execute(
            "UPDATE row SET texts = ? WHERE source = ? AND key = ?",
            (json.dumps(texts), source, _joined(key)),
        )

    def partner(self, source: str, key: Sequence[str]) -> Partner | None:
        """Return the row of a file that has this key."""
        found = self._db.execute(
            "SELECT file, number, texts FROM row WHERE source = ? AND key = ?",
            (source, _joined(key)),
        ).fetchone()
        if found is None:
            return None
        return Partner(found[0], found[1], found[2] and tuple(json.loads(found[2])))

    def first_record(self, command_id: str, digest: str, file: str, row: int) -> Known | None:
        """Remember a record; return the one that had its id before, with its digest, if any."""
        # As bytes: half the size, on the table that grows with every record.
        name, print_ = bytes.fromhex(command_id.replace("-", "")), bytes.fromhex(digest)
        added = self._db.execute(
            "INSERT OR IGNORE INTO record VALUES (?, ?, ?, ?)", (name, print_, file, row)
        )
        if added.rowcount:
            return None
        found = self._db.execute(
            "SELECT file, number, digest FROM record WHERE id = ?", (name,)
        ).fetchone()
        return Known(*found)


def print_of(texts: Sequence[str]) -> bytes:
    """Return a row's print: a digest of the whole, then two bytes for each cell."""
    parts = [text.encode() for text in texts]
    whole = blake2b(b"\x1f".join(parts), digest_size=_WHOLE).digest()
    return whole + b"".join((crc32(part) & 0xFFFF).to_bytes(2, "big") for part in parts)


def same(one: bytes, other: bytes) -> bool:
    """Tell whether two prints are of the same content."""
    return one[:_WHOLE] == other[:_WHOLE]


def differing(one: bytes, other: bytes, names: Sequence[str]) -> list[str]:
    """Return the names of the cells in which two prints differ."""
    return [
        name
        for at, name in zip(range(_WHOLE, len(one), 2), names, strict=False)
        if one[at : at + 2] != other[at : at + 2]
    ]


def _joined(key: Sequence[str]) -> str:
    return "\x1f".join(key)
