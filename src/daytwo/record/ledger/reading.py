"""Reading the ledger: events by stream, by type, by time, by person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.ledger.envelope import COLUMNS, Recorded, from_row
from daytwo.record.ledger.sql import fetch_all, fetch_one, is_postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SELECT = f"SELECT {', '.join(COLUMNS)} FROM ledger_event"  # noqa: S608 - constants only
SORTABLE = ("seq", "recorded_at", "actor_id", "type", "stream", "reason")
"""The fields by which the audit trail can be sorted and searched (who, when, what, why)."""


def stream_events(stream: str) -> list[Recorded]:
    """Return the whole history of a stream, oldest first."""
    return [
        from_row(row)
        for row in fetch_all(f"{_SELECT} WHERE stream = %s ORDER BY version", (stream,))
    ]


def first_origins(streams: Sequence[str]) -> dict[str, str]:
    """Return the origin, as canonical JSON text, of each stream's first event; new ones lack."""
    found: dict[str, str] = {}
    for at in range(0, len(streams), 500):
        some = streams[at : at + 500]
        marks = ", ".join(["%s"] * len(some))
        query = f"SELECT stream, origin FROM ledger_event WHERE version = 1 AND stream IN ({marks})"  # noqa: S608
        found |= dict(fetch_all(query, some))
    return found


def one_event(seq: int) -> Recorded | None:
    """Return the event of a sequence number, or None."""
    row = fetch_one(f"{_SELECT} WHERE seq = %s", (seq,))
    return None if row is None else from_row(row)


def numbered(seqs: Sequence[int]) -> dict[int, Recorded]:
    """Return the events of many sequence numbers; one that is not there is not in it."""
    found: dict[int, Recorded] = {}
    for at in range(0, len(seqs), 500):
        some = seqs[at : at + 500]
        marks = ", ".join(["%s"] * len(some))
        rows = fetch_all(f"{_SELECT} WHERE seq IN ({marks})", some)
        found |= {row[0]: from_row(row) for row in rows}
    return found


def head_version(stream: str) -> int:
    """Return the version of the stream's last event; 0 when there is none."""
    row = fetch_one("SELECT version FROM ledger_stream WHERE stream = %s", (stream,))
    return 0 if row is None else int(row[0])


def last_seq() -> int:
    """Return the highest sequence number, 0 for an empty ledger."""
    row = fetch_one("SELECT COALESCE(MAX(seq), 0) FROM ledger_event")
    return int(row[0]) if row else 0


def events(
    types: Sequence[str] | None = None,
    *,
    after_seq: int = 0,
    until_seq: int | None = None,
    page: int = 5000,
) -> Iterator[Recorded]:
    """Yield events in the order of the ledger.

    Args:
        types: Only these event types; None for all.
        after_seq: Start behind this sequence number.
        until_seq: End with this sequence number; None for the whole ledger. Asking for many types
            of a long ledger without an end makes the database sort all of them for each page.
        page: Rows fetched at a time; memory stays bounded by it.
    """
    where = "" if until_seq is None else f" AND seq <= {int(until_seq)}"
    if types is not None:
        where += f" AND type IN ({', '.join(['%s'] * len(types))})"
    while True:
        rows = fetch_all(
            f"{_SELECT} WHERE seq > %s{where} ORDER BY seq LIMIT %s",
            (after_seq, *(types or ()), page),
        )
        yield from map(from_row, rows)
        if len(rows) < page:
            return
        after_seq = rows[-1][0]


def search(
    *,
    actor: str = "",
    stream: str = "",
    type_: str = "",
    since: str = "",
    until: str = "",
    reason: str = "",
    order: str = "-seq",
    limit: int = 100,
    offset: int = 0,
) -> list[Recorded]:
    """Search the audit trail by who, what, when and why, sorted by any of them.

    Args:
        actor: Person id, exact.
        stream: Start of the stream name, such as `batch/B-1`.
        type_: Start of the event type, such as `batch.step`.
        since: Earliest recorded time, canonical UTC text.
        until: Latest recorded time (exclusive), canonical UTC text.
        reason: A part of the reason.
        order: One of `SORTABLE`, with `-` in front for descending.
        limit: Rows at the most.
        offset: Rows passed over.

    References:
        21 CFR 11.10(e); EU GMP Annex 11 §9; draft Annex 11 (2025) §12.4.
    """
    if not all(map(_may_stand, (actor, stream, type_, since, until, reason))):
        return []
    like = "ILIKE" if is_postgresql() else "LIKE"  # SQLite's LIKE does not ask for case
    conditions, parameters = ["1 = 1"], list[object]()
    for condition, value in (
        ("actor_id = %s", actor),
        ("stream LIKE %s ESCAPE '!'", _starts(stream)),
        ("type LIKE %s ESCAPE '!'", _starts(type_)),
        ("recorded_at >= %s", since),
        ("recorded_at < %s", until),
        (f"reason {like} %s ESCAPE '!'", f"%{_starts(reason)}" if reason else ""),
    ):
        if value:
            conditions.append(condition)
            parameters.append(value)
    field = order.removeprefix("-")
    direction = "DESC" if order.startswith("-") else "ASC"
    sort = field if field in SORTABLE else "seq"
    rows = fetch_all(
        f"{_SELECT} WHERE {' AND '.join(conditions)}"
        f" ORDER BY {sort} {direction}, seq {direction} LIMIT %s OFFSET %s",
        (*parameters, limit, offset),
    )
    return [from_row(row) for row in rows]


def _may_stand(text: str) -> bool:
    """Say whether a database can hold a text at all: no NUL, no half of a character."""
    return "\x00" not in text and text.encode(errors="replace").decode() == text


def _starts(text: str) -> str:
    if not text:
        return ""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
