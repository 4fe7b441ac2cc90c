"""What an attacker with full rights on the database does, the triggers out of the way."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, connections

from daytwo.record.ledger import writer
from daytwo.record.ledger.envelope import COLUMNS, GENESIS, hash_of
from daytwo.record.ledger.guards import guard_statements
from daytwo.record.ledger.sql import execute, fetch_all, fetch_one
from tests import conftest

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = ("ledger_event", "ledger_checkpoint")


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the triggers away, and put them back so that nothing of it shows."""
    if conftest.POSTGRESQL:
        for table in TABLES:
            execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    else:
        for (name,) in fetch_all("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            execute(f"DROP TRIGGER {name}")
    yield
    if conftest.POSTGRESQL:
        for table in TABLES:
            execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
    else:
        for statement in guard_statements("sqlite"):
            execute(statement)


def do(*statements: str | tuple[str, tuple[Any, ...]]) -> None:
    """Run statements as the attacker."""
    with unguarded():
        for statement in statements:
            if isinstance(statement, str):
                execute(statement)
            else:
                execute(*statement)


def seq_of(stream: str, version: int) -> int:
    query = "SELECT seq FROM ledger_event WHERE stream = %s AND version = %s"
    row = fetch_one(query, (stream, version))
    assert row is not None
    return int(row[0])


def rewrite(stream: str, version: int, /, **values: Any) -> None:
    """Change columns of one event; its hash stays."""
    what = ", ".join(f"{name} = %s" for name in values)
    statement = f"UPDATE ledger_event SET {what} WHERE stream = %s AND version = %s"
    do((statement, (*values.values(), stream, version)))


def rechain(stream: str) -> None:
    """Hash a doctored stream anew from its start, and set its head to fit: a careful attacker."""
    query = f"SELECT {', '.join(COLUMNS)} FROM ledger_event WHERE stream = %s ORDER BY version"
    prev, statements = GENESIS, []
    for number, row in enumerate(fetch_all(query, (stream,)), start=1):
        new = [*row[:2], number, *row[3:17], prev]
        prev = hash_of(new)
        statement = "UPDATE ledger_event SET version = %s, prev_hash = %s, hash = %s WHERE seq = %s"
        statements.append((statement, (number, new[17], prev, row[0])))
        head = (number, prev, row[0], stream)
    statement = "UPDATE ledger_stream SET version = %s, hash = %s, seq = %s WHERE stream = %s"
    do(*statements, (statement, head))


def leave() -> None:
    """Close every connection, so that the file alone is the record."""
    writer.close()
    connections.close_all()


def flip_byte(text: bytes, place: int, mask: int = 0x01) -> None:
    """Flip bits of one byte in the file of the database, next to a text that stands there once."""
    leave()
    name = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(name)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(name)
    data = bytearray(path.read_bytes())
    assert data.count(text) == 1, data.count(text)
    data[data.index(text) + place] ^= mask
    path.write_bytes(data)
