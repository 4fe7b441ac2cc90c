"""The rows that steps leave, written by plain SQL for several hands, on either database."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bench.load import Taken, drive
from bench.raw import INSERT_EVENT, Pattern, RawFile, RawQueue, RawStep
from bench.site import FILE, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.plan import Ground

HEAD = "SELECT version, hash FROM ledger_stream WHERE stream = %s FOR UPDATE"
NUMBERS = (
    "SELECT nextval(pg_get_serial_sequence('ledger_event', 'seq')) FROM generate_series(1, %s)"
)


class BareTables:
    """PostgreSQL: rows chained stream by stream, a connection and a commit a step for each."""

    def __init__(self, ground: Ground, pattern: Pattern) -> None:
        """Write steps like the pattern's into the ground's own database."""
        self._url, self._pattern = ground.url, pattern

    def write(self, batches: Sequence[str]) -> Taken:
        """Write the steps of batches that nobody touched, each batch by a hand of its own."""
        import psycopg  # noqa: PLC0415 - only where there is PostgreSQL

        connections = [psycopg.connect(self._url) for _ in batches]
        made = [self._pattern.steps(batch_id, 1) for batch_id in batches]
        try:
            return drive(
                [
                    [partial(_write, connection, step) for step in steps]
                    for connection, steps in zip(connections, made, strict=True)
                ]
            )
        finally:
            for connection in connections:
                connection.close()

    def close(self) -> None:
        """Leave nothing open."""


class BareFile:
    """SQLite: a copy of the site's file, one queue for all, waiting steps sharing a commit."""

    def __init__(self, ground: Ground, pattern: Pattern) -> None:
        """Copy the file of the ground; nobody may have it open."""
        settle(ground.data)
        self._file = RawFile(ground.data / FILE, ground.data / "raw.sqlite3")
        self._pattern = pattern

    def write(self, batches: Sequence[str]) -> Taken:
        """As of `BareTables`."""
        first, made = self._file.last_seq() + 1, []
        for place, batch_id in enumerate(batches):
            made.append(self._pattern.steps(batch_id, first + place * self._pattern.events))
        queue = RawQueue(self._file)
        try:
            return drive([[partial(queue.write, step) for step in steps] for steps in made])
        finally:
            queue.close()

    def close(self) -> None:
        """Close the copy."""
        self._file.close()


def bare(ground: Ground, pattern: Pattern) -> BareTables | BareFile:
    """Return what writes such rows on the ground's database."""
    return BareTables(ground, pattern) if ground.url else BareFile(ground, pattern)


def _write(connection: Any, step: RawStep) -> None:
    """Lock the stream's head, number and chain the rows, write them, commit."""
    from daytwo.record.ledger.envelope import hash_of  # noqa: PLC0415 - after setup

    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(HEAD, (step.head[3],))
        version, previous = cursor.fetchone()
        cursor.execute(NUMBERS, (len(step.events),))
        rows = []
        for (seq,), event in zip(cursor.fetchall(), step.events, strict=True):
            version += 1
            row = (seq, event[1], version, *event[3:17], previous)
            previous = hash_of(row)
            rows.append((*row, previous))
        cursor.executemany(_marks(INSERT_EVENT), rows)
        (_, _, _, stream), first = step.head, rows[0][0]
        statements = dict(step.statements)
        head, entry, *others = statements
        cursor.execute(_marks(head), (version, previous, rows[-1][0], stream))
        cursor.execute(_marks(entry), (first, *statements[entry][1:]))
        for statement in others:
            cursor.execute(_marks(statement), statements[statement])


def _marks(statement: str) -> str:
    return statement.replace("?", "%s")
