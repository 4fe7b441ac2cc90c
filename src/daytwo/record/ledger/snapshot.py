"""One consistent view of the ledger's tables, for verification beside running writers."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db import connection, transaction

from daytwo.record.ledger.envelope import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PAGE = 5000
"""Rows fetched at a time; memory stays bounded by it."""
_EVENTS = f"SELECT {', '.join(COLUMNS)} FROM ledger_event ORDER BY seq"  # noqa: S608 - constants
_HEADS = "SELECT stream, version, hash FROM ledger_stream"
_SQLITE_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRESQL_TRIGGERS = (
    "SELECT t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text || ' ' || trim(p.prosrc)"
    " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a verifier reads: damage that the database itself reports, events, heads, triggers."""

    damage: Callable[[], Iterable[str]]
    pages: Callable[[], Iterator[list[Any]]]
    heads: Callable[[], list[tuple[str, int, str]]]
    triggers: Callable[[], dict[str, str]]


@contextmanager
def sqlite_snapshot() -> Iterator[Snapshot]:
    """Open the file read-only on a connection of its own, taking damaged text as it is."""
    name = quote(str(connection.settings_dict["NAME"]))
    with closing(sqlite3.connect(f"file:{name}?mode=ro", uri=True, isolation_level=None)) as raw:
        raw.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        raw.execute("BEGIN")

        def damage() -> Iterable[str]:
            rows = raw.execute("PRAGMA integrity_check('ledger_event')").fetchall()
            return [str(row[0]) for row in rows if row[0] != "ok"]

        def pages() -> Iterator[list[Any]]:
            cursor = raw.execute(_EVENTS)
            while page := cursor.fetchmany(PAGE):
                yield page

        yield Snapshot(
            damage,
            pages,
            lambda: raw.execute(_HEADS).fetchall(),
            lambda: dict(raw.execute(_SQLITE_TRIGGERS).fetchall()),
        )


@contextmanager
def postgresql_snapshot() -> Iterator[Snapshot]:
    """Hold one repeatable-read transaction; a server cursor keeps memory flat."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

        def fetch(query: str) -> list[Any]:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return list(cursor.fetchall())

        def pages() -> Iterator[list[Any]]:
            with connection.chunked_cursor() as cursor:
                cursor.execute(_EVENTS)
                while page := cursor.fetchmany(PAGE):
                    yield page

        yield Snapshot(
            lambda: (),
            pages,
            lambda: fetch(_HEADS),
            lambda: dict(fetch(_POSTGRESQL_TRIGGERS)),
        )
