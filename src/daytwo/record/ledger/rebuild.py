"""Rebuild: fold the ledger into fresh rows, and compare them with the live ones."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from daytwo.record.ledger.projections import Projection, handled_types, project, projections
from daytwo.record.ledger.reading import events, last_seq
from daytwo.record.ledger.sql import execute, fetch_all, is_postgresql
from daytwo.record.ledger.writer import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A table whose live rows are not those that follow from the ledger."""

    projection: str
    table: str
    missing: int
    surplus: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many tables were compared, and which differ."""

    tables: int
    projections: int
    events: int
    differing: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """True when every row follows from the ledger."""
        return not self.differing


def rebuild(progress: Progress | None = None) -> int:
    """Replace every projected row by what the ledger says; return the number of events read."""

    def work() -> int:
        if is_postgresql():
            # Who appends waits: a row changed meanwhile would be lost with the old ones.
            execute("LOCK TABLE ledger_event IN SHARE MODE")
        for projection in reversed(projections()):
            for model in reversed(projection.models):
                execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608, SLF001 - own names
        return _replay(progress)

    return write(work)


def compare(progress: Progress | None = None) -> Comparison:
    """Fold the ledger into temporary tables and compare them with the live ones; change nothing.

    A temporary table hides the live one of the same name, so that the projections' own code fills
    it. Readers and writers of the live rows are not hindered: all is read from one snapshot.
    """
    with _discarded_transaction():
        tables = [(p, model) for p in projections() for model in p.models]
        for _, model in tables:
            _shadow(model)
        count = _replay(progress)
        differing = [d for p, model in tables if (d := _difference(p, model)) is not None]
    return Comparison(len(tables), len(projections()), count, tuple(differing))


def _replay(progress: Progress | None) -> int:
    total, count = last_seq(), 0
    for count, event in enumerate(events(handled_types()), start=1):
        project((event,))
        if progress and count % 500 == 0:
            progress(event.seq, total)
    if progress:
        progress(total, total)
    return count


@contextmanager
def _discarded_transaction() -> Iterator[None]:
    """Run on one snapshot and roll back; on SQLite a deferred transaction, which locks nobody."""
    if is_postgresql():
        with transaction.atomic():
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
            transaction.set_rollback(True)
        return
    connection.ensure_connection()
    database: Any = connection
    mode, database.transaction_mode = database.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        database.transaction_mode = mode


def _shadow(model: type[Model]) -> None:
    table = model._meta.db_table  # noqa: SLF001 - Django's documented meta
    if is_postgresql():
        execute(f'CREATE TEMP TABLE "{table}" (LIKE public."{table}" INCLUDING ALL) ON COMMIT DROP')
        return
    query = (
        "SELECT sql FROM main.sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL"
        " ORDER BY type = 'table' DESC"
    )
    rows = fetch_all(query, (table,))
    for (statement,) in rows:
        execute(_temporary(statement))


def _temporary(statement: str) -> str:
    for kind in ("CREATE TABLE ", "CREATE UNIQUE INDEX ", "CREATE INDEX "):
        if statement.startswith(kind):
            if kind == "CREATE TABLE ":
                return statement.replace(kind, "CREATE TEMP TABLE ", 1)
            return statement.replace(kind, kind + "temp.", 1)
    return statement


def _difference(projection: Projection, model: type[Model]) -> Difference | None:
    table = model._meta.db_table  # noqa: SLF001 - Django's documented meta
    live, shadow = ("public", "pg_temp") if is_postgresql() else ("main", "temp")

    def surplus(of: str, over: str) -> int:
        query = (
            f'SELECT COUNT(*) FROM (SELECT * FROM {of}."{table}"'  # noqa: S608 - own names
            f' EXCEPT SELECT * FROM {over}."{table}") AS rows'
        )
        return int(fetch_all(query)[0][0])

    missing, extra = surplus(shadow, live), surplus(live, shadow)
    if missing or extra:
        return Difference(projection.name, table, missing, extra)
    return None
