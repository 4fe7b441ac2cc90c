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

Row = tuple[Any, ...]
Asked = tuple[str, "Sequence[Any]"]
"""A statement with its parameters."""


class _Here(threading.local):
    """This thread's database, found once: asking Django's proxy costs more than a statement."""

    def __init__(self) -> None:
        self.database: Any = connections["default"]
        self.cursor: Any = None
        self.foreseen: dict[tuple[str, tuple[Any, ...]], list[Row]] = {}


_here = _Here()


def execute(statement: str, parameters: Sequence[Any] = ()) -> int:
    """Run one statement (`%s` placeholders) and return the number of rows it touched.

    Within `together` on PostgreSQL that number is not known yet, and is -1.
    """
    database = _here.database
    _here.foreseen.clear()
    if (raw := _raw(database)) is not None:
        with database.wrap_database_errors:
            return int(raw.execute(_spelt(database, statement), parameters).rowcount)
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def execute_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement for each row of parameters."""
    database = _here.database
    _here.foreseen.clear()
    if (raw := _raw(database)) is not None:
        with database.wrap_database_errors:
            if len(rows) == 1:
                raw.execute(_spelt(database, statement), rows[0])
            else:
                raw.executemany(_spelt(database, statement), rows)
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
    if (raw := _raw(database)) is not None:
        with database.wrap_database_errors:
            return list(raw.execute(_spelt(database, statement), parameters).fetchall())
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def fetch_each(*asked: Asked) -> list[list[Row]]:
    """Return every row of each statement, run in this order; PostgreSQL is asked in one trip.

    Args:
        *asked: Each statement with its parameters.
    """
    database = _here.database
    if database.vendor != "postgresql" or _raw(database) is None:
        return [fetch_all(*one) for one in asked]
    known = [_known(*one) for one in asked]
    cursors = {n: _new_cursor(database) for n, rows in enumerate(known) if rows is None}
    if cursors:
        with database.wrap_database_errors, database.connection.pipeline():
            for n, cursor in cursors.items():
                cursor.execute(*asked[n])
    return [cursors[n].fetchall() if rows is None else rows for n, rows in enumerate(known)]


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

    What is read within still answers at once, after all that was written before it; so does what
    comes from Django's ORM, which looks at how many rows it touched.
    """
    database = _here.database
    if database.vendor != "postgresql" or _raw(database) is None:
        yield
        return
    with database.wrap_database_errors, database.connection.pipeline() as pipeline:

        def answered(execute: Any, *statement: Any) -> Any:
            result = execute(*statement)
            pipeline.sync()
            return result

        with database.execute_wrapper(answered):
            yield


def is_postgresql() -> bool:
    """Say whether the record lies in PostgreSQL (else in SQLite)."""
    return bool(_here.database.vendor == "postgresql")


def _raw(database: Any) -> Any:
    """Return what runs statements plainly, or None where Django's cursor is needed.

    It is the same connection and transaction; a step's two dozen statements are spared Django's
    cursor objects and placeholder conversion (measured: a third of the step's time). On PostgreSQL
    they are prepared by the server besides, which Django's cursor cannot. Django's cursor stays in
    use where statements are being logged.
    """
    if database.force_debug_cursor:
        return None
    if database.vendor == "sqlite":
        if database.connection is None:
            database.ensure_connection()
        return database.connection
    if not database.health_check_done:
        _check_health(database)
    if database.connection is None:
        database.ensure_connection()
    return _cursor(database)


def _cursor(database: Any) -> Any:
    """Return this thread's cursor: what it answers is read before its next statement."""
    kept = _here.cursor
    if kept is None or kept.connection is not database.connection:
        kept = _here.cursor = _new_cursor(database)
    return kept


def _new_cursor(database: Any) -> Any:
    from psycopg import Cursor  # noqa: PLC0415 - an optional dependency

    return Cursor(database.connection)


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


def _spelt(database: Any, statement: str) -> str:
    return _qmark(statement) if database.vendor == "sqlite" else statement


@lru_cache(maxsize=512)
def _qmark(statement: str) -> str:
    return statement.replace("%s", "?")
