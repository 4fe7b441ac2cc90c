"""Plain SQL inside the ledger's transaction: the hot path's three calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence


def execute(statement: str, parameters: Sequence[Any] = ()) -> int:
    """Run one statement (`%s` placeholders) and return the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def execute_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement for each row of parameters."""
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def fetch_one(statement: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """Return the first row, or None."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def fetch_all(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return every row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def is_postgresql() -> bool:
    """Say whether the record lies in PostgreSQL (else in SQLite)."""
    return connection.vendor == "postgresql"
