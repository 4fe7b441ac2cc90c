"""Plain SQL inside the ledger's transaction: the hot path's calls."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence


def execute(statement: str, parameters: Sequence[Any] = ()) -> int:
    """Run one statement (`%s` placeholders) and return the number of rows it touched."""
    if (raw := _raw()) is not None:
        with connection.wrap_database_errors:
            return int(raw.execute(_qmark(statement), parameters).rowcount)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def execute_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement for each row of parameters."""
    if (raw := _raw()) is not None:
        with connection.wrap_database_errors:
            raw.executemany(_qmark(statement), rows)
        return
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def fetch_one(statement: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """Return the first row, or None."""
    row: tuple[Any, ...] | None
    if (raw := _raw()) is not None:
        with connection.wrap_database_errors:
            row = raw.execute(_qmark(statement), parameters).fetchone()
            return row
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
        return row


def fetch_all(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return every row."""
    if (raw := _raw()) is not None:
        with connection.wrap_database_errors:
            return list(raw.execute(_qmark(statement), parameters).fetchall())
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def is_postgresql() -> bool:
    """Say whether the record lies in PostgreSQL (else in SQLite)."""
    return connection.vendor == "postgresql"


def _raw() -> Any:
    """Return SQLite's own connection of this thread, or None where Django's cursor is needed.

    It is the same connection and transaction; a step's two dozen statements are spared Django's
    cursor objects and placeholder conversion (measured: a third of the step's time). Django's
    cursor stays in use where statements are being logged.
    """
    if connection.vendor != "sqlite" or connection.queries_logged:
        return None
    connection.ensure_connection()
    return connection.connection


@lru_cache(maxsize=512)
def _qmark(statement: str) -> str:
    return statement.replace("%s", "?")
