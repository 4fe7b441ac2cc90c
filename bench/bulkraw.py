"""The other side of an import: the same rows inserted in bulk, no rule, hash or trigger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol

from bench import imports
from bench.raw import PRAGMAS, drop_guards
from bench.rounds import timed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

ITEMS_A_CHUNK = 500
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
_TABLES = {
    "ledger_event": ("seq", "seq"),
    "ledger_stream": ("seq", "seq"),
    "batches_batch": ("id", "id"),
    "laboratory_result": ("event_seq", "event_seq"),
}
"""By table the column that tells an item's rows, and the one that orders them."""


class Raw(Protocol):
    """Where the rows go."""

    def insert(self) -> float:
        """Insert one run of items; return events a second."""


def rows_of(
    ask: Callable[[str, Sequence[Any]], list[Row]], mark: str, first: int, count: int
) -> Rows:
    """Return the rows that a run of items left, by table, in the order in which they came.

    Args:
        ask: Runs a query.
        mark: How it marks a parameter.
        first: Number of the first item.
        count: Of items.
    """
    ends = (imports.batch_name(first), imports.batch_name(first + count - 1))
    names = [f"batch/{ends[0]}", f"laboratory/batch/{ends[1]}"]
    ((low,),) = ask(f"SELECT MIN(seq) FROM ledger_event WHERE stream = {mark}", names[:1])
    ((high,),) = ask(f"SELECT MAX(seq) FROM ledger_event WHERE stream = {mark}", names[1:])
    return {
        table: ask(
            f"SELECT * FROM {table} WHERE {key} BETWEEN {mark} AND {mark} ORDER BY {order}",
            ends if key == "id" else (low, high),
        )
        for table, (key, order) in _TABLES.items()
    }


def _parts(rows: Rows) -> list[Rows]:
    """Return the rows cut into transactions as large as ours."""
    items = len(rows["batches_batch"])
    return [
        {
            table: found[n * len(found) // items : (n + ITEMS_A_CHUNK) * len(found) // items]
            for table, found in rows.items()
        }
        for n in range(0, items, ITEMS_A_CHUNK)
    ]


class RawFile:
    """A copy of the file without guards."""

    def __init__(self, path: Path, slices: Iterator[Rows]) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        drop_guards(self._connection)
        self._slices = slices

    def insert(self) -> float:
        """Insert one run of items; return events a second."""
        rows = next(self._slices)
        parts = _parts(rows)
        return len(rows["ledger_event"]) / timed(lambda: [self._commit(part) for part in parts])

    def _commit(self, part: Rows) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for table, rows in part.items():
            marks = ", ".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        self._connection.execute("COMMIT")


class RawTables:
    """Tables of the same columns and indexes in the same PostgreSQL, without guards."""

    def __init__(self, url: str, slices: Iterator[Rows]) -> None:
        import psycopg  # noqa: PLC0415 - only where there is PostgreSQL

        self._connection = psycopg.connect(url)
        for table in _TABLES:
            self._connection.execute(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING INDEXES)")
        self._connection.commit()
        self._slices = slices

    def insert(self) -> float:
        """Insert one run of items; return events a second."""
        rows = next(self._slices)
        parts = _parts(rows)
        return len(rows["ledger_event"]) / timed(lambda: [self._commit(part) for part in parts])

    def _commit(self, part: Rows) -> None:
        with self._connection.cursor() as cursor:
            for table, rows in part.items():
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO raw_{table} VALUES ({marks})", rows)
        self._connection.commit()


def of_file(path: Path, first: int, count: int) -> Rows:
    """Return the rows of a run of items in a SQLite file."""
    with closing(sqlite3.connect(path)) as connection:
        return rows_of(lambda q, v: connection.execute(q, v).fetchall(), "?", first, count)


def of_tables(url: str, first: int, count: int) -> Rows:
    """Return the rows of a run of items in PostgreSQL."""
    import psycopg  # noqa: PLC0415 - only where there is PostgreSQL

    with psycopg.connect(url) as connection:
        return rows_of(lambda q, v: connection.execute(q, v).fetchall(), "%s", first, count)
