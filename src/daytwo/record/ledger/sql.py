"""Plain SQL inside the ledger's transaction: the hot path's calls."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import lru_cache
from select import select
from typing import TYPE_CHECKING, Any

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from daytwo.record.ledger.trips import Trips

Row = tuple[Any, ...]
Asked = tuple[str, "Sequence[Any]"]
"""A statement with its parameters."""


class _Here(threading.local):
    """This thread's database, found once: asking Django's proxy costs more than a statement."""

    def __init__(self) -> None:
        self.database: Any = connections["default"]
        self.trips: Trips | None = None
        self.gathered: list[Asked] | None = None
        self.foreseen: dict[tuple[str, tuple[Any, ...]], list[Row]] = {}


_here = _Here()


def execute(statement: str, parameters: Sequence[Any] = ()) -> int:
    """Run one statement (`%s` placeholders) and return the number of rows it touched.

    Within `together` on PostgreSQL that number is not known yet, and is -1.
    """
    database = _here.database
    _here.foreseen.clear()
    if _here.gathered is not None:
        _here.gathered.append((statement, parameters))
        return -1
    if (trips := _trips(database)) is not None:
        with database.wrap_database_errors:
            return trips.touched([(statement, parameters)])
    if (file := _file(database)) is not None:
        with database.wrap_database_errors:
            return int(file.execute(_qmark(statement), parameters).rowcount)
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def execute_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement for each row of parameters."""
    database = _here.database
    _here.foreseen.clear()
    if _here.gathered is not None:
        _here.gathered.extend((statement, row) for row in rows)
        return
    if (trips := _trips(database)) is not None:
        with database.wrap_database_errors:
            trips.touched([(statement, row) for row in rows])
        return
    if (file := _file(database)) is not None:
        with database.wrap_database_errors:
            file.executemany(_qmark(statement), rows)
        return
    with database.cursor() as cursor:
        cursor.executemany(statement, rows)


def fetch_one(statement: str, parameters: Sequence[Any] = ()) -> Row | None:
    """Return the first row, or None."""
    rows = fetch_all(statement, parameters)
    return rows[0] if rows else None


def fetch_all(statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """Return every row."""
    if (known := _known(statement, parameters)) is not None:
        return known
    database = _here.database
    if (trips := _trips(database)) is not None:
        return _rows(database, trips, [(statement, parameters)])[0]
    if (file := _file(database)) is not None:
        with database.wrap_database_errors:
            return list(file.execute(_qmark(statement), parameters).fetchall())
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def fetch_each(*asked: Asked) -> list[list[Row]]:
    """Return every row of each statement, run in this order; PostgreSQL is asked in one trip.

    Args:
        *asked: Each statement with its parameters.
    """
    database = _here.database
    if (trips := _trips(database)) is None:
        return [fetch_all(*one) for one in asked]
    known = [_known(*one) for one in asked]
    unknown = [one for one, rows in zip(asked, known, strict=True) if rows is None]
    found = iter(_rows(database, trips, unknown) if unknown else ())
    return [next(found) if rows is None else rows for rows in known]


def _rows(database: Any, trips: Trips, asked: Sequence[Asked]) -> list[list[Row]]:
    """Return the rows of each statement, asked after what was gathered before."""
    gathered = _taken()
    with database.wrap_database_errors:
        return trips.rows([*gathered, *asked])[len(gathered) :]


def _taken() -> list[Asked]:
    """Return what was gathered, which is then no longer to be sent."""
    gathered = _here.gathered
    if not gathered:
        return []
    _here.gathered = []
    return gathered


@contextmanager
def foreseen(asked: Sequence[Asked], answers: Sequence[list[Row]]) -> Iterator[None]:
    """Answer these statements, when somebody within asks them, without asking the database again.

    It is for reads of one transaction that were sent ahead, in the trip that took its locks. The
    first write within ends it.

    Args:
        asked: The statements that were sent ahead.
        answers: Their rows.
    """
    _here.foreseen = {
        (one[0], tuple(one[1])): rows for one, rows in zip(asked, answers, strict=True)
    }
    try:
        yield
    finally:
        _here.foreseen = {}


def _known(statement: str, parameters: Sequence[Any]) -> list[Row] | None:
    if not _here.foreseen:
        return None
    rows = _here.foreseen.get((statement, tuple(parameters)))
    return None if rows is None else list(rows)


@contextmanager
def together() -> Iterator[None]:
    """Let what is written within travel to PostgreSQL in one trip; what fails is told at its end.

    What is read within is answered at once, and after all that was written before it; so is what
    Django's ORM asks, which looks at how many rows it touched.
    """
    database = _here.database
    if _here.gathered is not None or (trips := _trips(database)) is None:
        yield
        return

    def send() -> None:
        if gathered := _taken():
            with database.wrap_database_errors:
                trips.touched(gathered)

    def after(execute: Any, *statement: Any) -> Any:
        send()
        return execute(*statement)

    _here.gathered = []
    try:
        with database.execute_wrapper(after):
            yield
            send()
    finally:
        _here.gathered = None


def is_postgresql() -> bool:
    """Say whether the record lies in PostgreSQL (else in SQLite)."""
    return bool(_here.database.vendor == "postgresql")


def _file(database: Any) -> Any:
    """Return the connection to SQLite's file, or None where Django's cursor is needed.

    It is the same connection and transaction; a step's two dozen statements are spared Django's
    cursor objects and placeholder conversion (measured: a third of the step's time). Django's
    cursor stays in use where statements are being logged.
    """
    if database.force_debug_cursor or database.vendor != "sqlite":
        return None
    if database.connection is None:
        database.ensure_connection()
    return database.connection


def _trips(database: Any) -> Trips | None:
    """Return what asks PostgreSQL over Django's connection, or None; see `_file`."""
    if database.force_debug_cursor or database.vendor != "postgresql":
        return None
    if not database.health_check_done:
        _check_health(database)
    if database.connection is None:
        database.ensure_connection()
    kept = _here.trips
    if kept is None or kept.connection is not database.connection:
        from daytwo.record.ledger.trips import Trips  # noqa: PLC0415 - an optional dependency

        kept = _here.trips = Trips(database.connection)
    return kept


def _check_health(database: Any) -> None:
    """Once a request: see that the server has not hung up, without asking it.

    What an idle connection has to read is news of its end. Only then is Django's own check made,
    that costs a trip and opens another connection where this one is gone.
    """
    kept = database.connection
    if kept is not None and not kept.closed and not select([kept.fileno()], [], [], 0)[0]:
        database.health_check_done = True
    else:
        database.close_if_health_check_failed()


@lru_cache(maxsize=512)
def _qmark(statement: str) -> str:
    return statement.replace("%s", "?")
