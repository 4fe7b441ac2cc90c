"""Append: the one statement that adds events to the ledger, chained to their stream's head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.kernel.canonical import canonical
from daytwo.kernel.clock import now, stamp
from daytwo.kernel.errors import Fault
from daytwo.record.ledger.catalogue import entry_for, payload_of
from daytwo.record.ledger.envelope import (
    COLUMNS,
    GENESIS,
    Actor,
    Origin,
    Recorded,
    from_row,
    hash_of,
)
from daytwo.record.ledger.sql import (
    Asked,
    Row,
    execute_many,
    fetch_all,
    fetch_each,
    is_postgresql,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,99}")
_STREAM = re.compile(r"[a-z_]+/[A-Za-z0-9][A-Za-z0-9._:@+/-]{0,150}")
_INSERT = (
    f"INSERT INTO ledger_event ({', '.join(COLUMNS)})"  # noqa: S608 - constants only
    f" VALUES ({', '.join(['%s'] * len(COLUMNS))})"
)
_UPSERT_HEAD = (
    "INSERT INTO ledger_stream (stream, version, hash, seq) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (stream) DO UPDATE"
    " SET version = excluded.version, hash = excluded.hash, seq = excluded.seq"
)
_PRIOR = (
    f"SELECT {', '.join(COLUMNS)} FROM ledger_event"  # noqa: S608 - constants only
    " WHERE command_id = %s ORDER BY command_position"
)
LOCK_PATIENCE_MS = 30_000
"""How long a transaction on PostgreSQL waits for what another one holds; then it is refused. A
process that was stopped within a transaction would else hold up all that come after it."""
_LOCK = (
    "WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', %s, true))"
    " SELECT pg_advisory_xact_lock(hashtextextended(s, 0))"
    " FROM patience, unnest(%s::text[]) AS t(s)"
)
_NUMBERS = (
    "SELECT nextval(pg_get_serial_sequence('ledger_event', 'seq')) FROM generate_series(1, %s)"
)
# AUTOINCREMENT's own memory, so that the number of a removed last event is not given again.
_LAST_NUMBER = "SELECT seq FROM sqlite_sequence WHERE name = 'ledger_event'"


@dataclass(frozen=True, slots=True)
class Pending:
    """An event that a command wants recorded.

    Attributes:
        stream: `<object>/<id>`, such as `batch/B-0001`.
        event: An instance of a class of the catalogue.
        occurred_at: When the act is said to have happened, UTC; None for "now".
        reason: Why, where a reason is asked for.
    """

    stream: str
    event: object
    occurred_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """One command's identity: what makes a repeat of it recognisable.

    Attributes:
        command_id: Made by the sender; the same id twice is one set of events.
        command_name: The verb.
        digest: SHA-256 over the verb's arguments.
        actor: Who acts, with the role at the time.
        origin: From where.
    """

    command_id: str
    command_name: str
    digest: str
    actor: Actor
    origin: Origin


def check_identifier(text: str, what: str) -> str:
    """Return an identifier, or refuse it: letters, digits and `._:@/+-`, at most 100."""
    if not _IDENTIFIER.fullmatch(text):
        raise Fault("ledger.identifier", f"{what} is not a valid identifier: {text[:120]!r}.")
    return text


def lock_streams(streams: Iterable[str]) -> None:
    """Hold the streams until the transaction ends, so that what is loaded next stays true.

    SQLite has one writer already. PostgreSQL takes an advisory lock a stream, in sorted order, so
    that two commands never wait for each other in a circle.
    """
    if wanted := sorted(set(streams)):
        fetch_each(*_locking(wanted))


def _locking(wanted: Sequence[str]) -> list[Asked]:
    """Return what takes the locks in the order given; nothing where there is one writer."""
    if not wanted or not is_postgresql():
        return []
    return [(_LOCK, (str(LOCK_PATIENCE_MS), list(wanted)))]


def lock_and_find(
    command_id: str, locks: Iterable[str], ahead: Sequence[Asked] = ()
) -> tuple[list[Recorded], list[list[Row]]]:
    """Hold the command and its streams; return the events that it made before, in order.

    Two senders of one command id: the second waits here and then hears what the first did.

    Args:
        command_id: The command's.
        locks: Streams that it relies on.
        ahead: Statements to ask in the same trip; each is asked when the locks are held.

    Returns:
        The events, and the rows of each statement of `ahead`.
    """
    locking = _locking([f"command/{command_id}", *sorted(set(locks))])
    answers = fetch_each(*locking, (_PRIOR, (command_id,)), *ahead)
    before, *rows = answers[len(locking) :]
    return [from_row(row) for row in before], rows


def _chain_ends(
    streams: Iterable[str], count: int, locked: Iterable[str]
) -> tuple[dict[str, tuple[int, str]], list[int]]:
    """Lock what is not locked yet; return each stream's version and hash, and new numbers."""
    wanted = sorted(set(streams))
    found = dict.fromkeys(wanted, (0, GENESIS))
    if not wanted:
        return found, []
    marks = ", ".join(["%s"] * len(wanted))
    query = f"SELECT stream, version, hash FROM ledger_stream WHERE stream IN ({marks})"  # noqa: S608
    numbers = (_NUMBERS, (count,)) if is_postgresql() else (_LAST_NUMBER, ())
    locking = _locking(sorted(set(wanted).difference(locked)))
    *_, ends, given = fetch_each(*locking, (query, wanted), numbers)
    for stream, version, hash_ in ends:
        found[stream] = (version, hash_)
    if is_postgresql():
        return found, [int(row[0]) for row in given]
    first = int(given[0][0]) + 1 if given else 1
    return found, list(range(first, first + count))


def append(
    intent: Intent, pendings: Sequence[Pending], *, locked: Iterable[str] = ()
) -> list[Recorded]:
    """Chain one command's events to their streams and insert them; inside a transaction only.

    Args:
        intent: Whose command this is.
        pendings: The events in order; several streams may be mixed.
        locked: Streams that the caller holds already.

    Returns:
        The events as recorded.
    """
    return append_all([(intent, pendings)], locked=locked)[0]


def append_all(
    commands: Sequence[tuple[Intent, Sequence[Pending]]], *, locked: Iterable[str] = ()
) -> list[list[Recorded]]:
    """Chain and insert the events of several commands at once; inside a transaction only.

    Args:
        commands: Each command with its events, in order.
        locked: Streams that the caller holds already.

    Returns:
        The events of each command as recorded.
    """
    streams = {pending.stream for _, pendings in commands for pending in pendings}
    at, numbers = _chain_ends(streams, sum(len(pendings) for _, pendings in commands), locked)
    seqs = iter(numbers)
    recorded_text = stamp(now())
    recorded = [_chain(intent, pendings, at, seqs, recorded_text) for intent, pendings in commands]
    rows = [event for events in recorded for event in events]
    if rows:
        execute_many(_INSERT, [event.as_row() for event in rows])
        last_seq = {event.stream: event.seq for event in rows}
        execute_many(
            _UPSERT_HEAD,
            [(stream, *at[stream], last_seq[stream]) for stream in sorted(streams)],
        )
    return recorded


def _chain(
    intent: Intent,
    pendings: Sequence[Pending],
    at: dict[str, tuple[int, str]],
    seqs: Iterator[int],
    recorded_text: str,
) -> list[Recorded]:
    """Return one command's events, each hashed onto its stream's head in `at`, moving it on."""
    origin = intent.origin.text()
    check_identifier(intent.command_id, "The command id")
    check_identifier(intent.actor.id, "The actor's id")
    events: list[Recorded] = []
    for position, pending in enumerate(pendings):
        if not _STREAM.fullmatch(pending.stream):
            raise Fault("ledger.stream", f"Not a stream name: {pending.stream[:200]!r}.")
        version, prev_hash = at[pending.stream]
        entry = entry_for(pending.event)
        payload = payload_of(pending.event)
        row = (
            next(seqs),
            pending.stream,
            version + 1,
            entry.name,
            entry.schema,
            canonical(payload).decode(),
            recorded_text if pending.occurred_at is None else stamp(pending.occurred_at),
            recorded_text,
            intent.actor.id,
            intent.actor.name,
            intent.actor.role,
            origin,
            pending.reason,
            intent.command_id,
            position,
            intent.command_name,
            intent.digest,
            prev_hash,
        )
        hash_ = hash_of(row)
        at[pending.stream] = (version + 1, hash_)
        event = Recorded(*row[:8], intent.actor, *row[11:], hash_, made=pending.event)
        event.__dict__["payload"] = payload  # Projections ask for it: not to be parsed again.
        events.append(event)
    return events


def prior(command_id: str) -> list[Recorded]:
    """Return the events that this command id made before, in order; empty when it is new."""
    return [from_row(row) for row in fetch_all(_PRIOR, (command_id,))]
