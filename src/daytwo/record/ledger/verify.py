"""Verification: every event's hash, every chain, every head, every checkpoint, and the guards."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.utils import DatabaseError

from daytwo.record.ledger.checkpoint import heads_of
from daytwo.record.ledger.envelope import COLUMNS, GENESIS, hashed_text
from daytwo.record.ledger.guards import guards_of
from daytwo.record.ledger.snapshot import postgresql_snapshot, sqlite_snapshot
from daytwo.record.ledger.sql import is_postgresql
from daytwo.record.ledger.witness import sound_checkpoints

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from daytwo.record.ledger.checkpoint import Checkpoint, Head

MOST_NAMED = 1000
"""How many breaks are named before the list is cut."""
_STREAM, _VERSION, _PREV, _HASH = (
    COLUMNS.index(n) for n in ("stream", "version", "prev_hash", "hash")
)


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the record is not what was recorded."""

    stream: str
    version: int
    why: str


@dataclass(slots=True)
class Verification:
    """The outcome: what was read and what is broken."""

    events: int = 0
    streams: int = 0
    checkpoints: int = 0
    broken: list[Break] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """True when nothing is broken."""
        return not self.broken

    def name(self, stream: str, version: int, why: str) -> None:
        """Add a break, up to `MOST_NAMED`."""
        if len(self.broken) < MOST_NAMED:
            shown = stream.encode(errors="backslashreplace").decode()
            self.broken.append(Break(shown, version, why))


def _digest(row: Sequence[Any]) -> str:
    try:
        return sha256(hashed_text(row).encode("utf-8", "surrogateescape")).hexdigest()
    except TypeError:
        return "a column is not of its type"


class ChainCheck:
    """Follows every stream's chain through rows in the order of `seq`."""

    def __init__(self, result: Verification, watched: set[tuple[str, int]]) -> None:
        """Start with nothing read; `watched` are the (stream, version) pairs to remember."""
        self.result = result
        self.heads: dict[str, Head] = {}
        self.watched = watched
        self.seen: dict[tuple[str, int], str] = {}
        self.last_seq = 0

    def take(self, rows: Iterable[Sequence[Any]]) -> int:
        """Check a page of rows; return how many there were."""
        heads, start = self.heads, (0, GENESIS)
        count = 0
        for row in rows:
            count += 1
            stream, version, prev, hash_ = row[_STREAM], row[_VERSION], row[_PREV], row[_HASH]
            last_version, last_hash = heads.get(stream, start)
            if version != last_version + 1 or prev != last_hash or _digest(row) != hash_:
                self._explain(row, last_version, last_hash)
            heads[stream] = (version, hash_)
            if self.watched and (stream, version) in self.watched:
                self.seen[stream, version] = hash_
            self.last_seq = row[0]
        self.result.events += count
        return count

    def _explain(self, row: Sequence[Any], last_version: int, last_hash: str) -> None:
        stream, version = str(row[_STREAM]), row[_VERSION]
        if _digest(row) != row[_HASH]:
            self.result.name(stream, _whole(version), "the event's content does not match its hash")
        elif version != last_version + 1:
            why = f"follows version {last_version}: events are missing, doubled or out of order"
            self.result.name(stream, _whole(version), why)
        elif row[_PREV] != last_hash:
            why = "does not continue its stream: spliced from elsewhere or after a changed event"
            self.result.name(stream, _whole(version), why)


def verify(directory: Path | None) -> Verification:
    """Check the whole ledger of the configured database.

    Args:
        directory: The data directory, whose `checkpoints` folder is the witness outside the
            database; None to do without.

    References:
        21 CFR 11.10(a): the ability to discern invalid or altered records; RFC 6962 for the tree.
    """
    result = Verification()
    checkpoints = _witnessed(directory, result)
    watched = heads_of(checkpoints)
    check = ChainCheck(result, {(stream, head[0]) for stream, head in watched.items()})
    source = postgresql_snapshot if is_postgresql() else sqlite_snapshot
    try:
        with source() as snapshot:
            for problem in snapshot.damage():
                result.name("ledger/database", 0, f"the database file is damaged: {problem}")
            for page in snapshot.pages():
                check.take(page)
            _check_heads(check, snapshot.heads())
            _check_checkpoints(check, watched, checkpoints)
            _check_guards(result, snapshot.triggers())
    except sqlite3.DatabaseError as error:
        result.name("ledger/database", 0, f"the database file is damaged: {error}")
    result.streams = len(check.heads)
    result.checkpoints = len(checkpoints)
    return result


def _witnessed(directory: Path | None, result: Verification) -> list[Checkpoint]:
    try:
        return sound_checkpoints(directory, result.name)
    except DatabaseError as error:
        result.name("ledger/database", 0, f"the checkpoints cannot be read: {error}")
        return []


def _whole(version: Any) -> int:
    return version if isinstance(version, int) else 0


def _check_heads(check: ChainCheck, heads: Iterable[tuple[str, int, str]]) -> None:
    stored = {stream: (version, hash_) for stream, version, hash_ in heads}
    for stream, head in stored.items():
        found = check.heads.get(stream, (0, GENESIS))
        if found[0] < head[0]:
            why = f"missing: the stream's head says version {head[0]}, the last event is {found[0]}"
            check.result.name(stream, found[0] + 1, why)
        elif found != head:
            check.result.name(stream, found[0], "the stream's head names another event")
    for stream, found in check.heads.items():
        if stream not in stored:
            check.result.name(str(stream), _whole(found[0]), "the stream has no head")


def _check_checkpoints(
    check: ChainCheck, watched: dict[str, Head], checkpoints: Sequence[Checkpoint]
) -> None:
    named = {(broken.stream, broken.version) for broken in check.result.broken}
    for stream, (version, hash_) in watched.items():
        last = check.heads.get(stream, (0, GENESIS))[0]
        if (stream, version) not in check.seen:
            if (stream, last + 1) not in named:
                why = f"missing: checkpoint {checkpoints[-1].number} holds version {version}"
                check.result.name(stream, last + 1, why)
        elif check.seen[stream, version] != hash_ and (stream, version) not in named:
            check.result.name(stream, version, "is not the event that the checkpoint holds")


def _check_guards(result: Verification, found: Mapping[str, str]) -> None:
    for name, definition in guards_of(connection.vendor).items():
        if name not in found:
            result.name("ledger/guards", 0, f"the trigger {name} is missing")
        elif found[name] != definition:
            result.name("ledger/guards", 0, f"the trigger {name} is not the one that guards")
