"""PostgreSQL: the facts copied into its schema `facts`, for tools that speak SQL to a server."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

import ibis.expr.datatypes as dt
from ibis.backends.sql.compilers import PostgresCompiler

from daytwo.insight.facts import arrow
from daytwo.insight.facts.declare import Kind
from daytwo.insight.facts.engine.port import Period, as_arrow, compiled, of_period, plain, table
from daytwo.insight.facts.registry import all_facts
from daytwo.kernel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    import pyarrow as pa
    from ibis.expr.types import Table
    from psycopg import Connection

    from daytwo.insight.facts.declare import Fact
    from daytwo.insight.facts.engine.duck import DuckEngine

SCHEMA = "facts"
_PLACE = "ledger_place"
_ROWS = 10_000
# Order and comparison of texts by their bytes, as DuckDB and Spark do it.
_TYPES = {
    Kind.TEXT: 'text COLLATE "C"',
    Kind.I64: "bigint",
    Kind.F64: "double precision",
    Kind.BOOL: "boolean",
}


def publish(engine: DuckEngine, seq: int, url: str) -> None:
    """Put a state of all facts in place of what the schema `facts` held, in one transaction.

    Who reads meanwhile sees the state before. Views upon the tables stay.

    Args:
        engine: Over the state that is copied, live tail included.
        seq: Its place in the ledger, told in the table `ledger_place`.
        url: `postgresql://...`, of a role that may create the schema.
    """
    with _connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        for fact in all_facts():
            _prepare(cursor, fact)
            columns = ", ".join(f'"{name}"' for name in arrow.schema(fact.name).names)
            with cursor.copy(f"COPY {SCHEMA}.{fact.name} ({columns}) FROM STDIN") as copy:
                for batch in engine.batches(engine.table(fact.name), _ROWS):
                    for row in batch:
                        copy.write_row(row)
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {SCHEMA}.{_PLACE} (seq bigint, published_at timestamptz)"
        )
        cursor.execute(f"DELETE FROM {SCHEMA}.{_PLACE}")  # noqa: S608 - a constant
        cursor.execute(
            f"INSERT INTO {SCHEMA}.{_PLACE} VALUES (%s, now())",  # noqa: S608 - constants
            (seq,),
        )


def _prepare(cursor: Any, fact: Fact) -> None:
    """Empty a fact's table; one of another shape is made anew."""
    wanted = [
        (column.name, _TYPES[column.kind].partition(" COLLATE")[0]) for column in fact.columns
    ]
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
        (SCHEMA, fact.name),
    )
    there = cursor.fetchall()
    if there == wanted:
        cursor.execute(f"DELETE FROM {SCHEMA}.{fact.name}")  # noqa: S608 - a declared name
        return
    if there:
        cursor.execute(f"DROP TABLE {SCHEMA}.{fact.name}")
    columns = ", ".join(f'"{column.name}" {_TYPES[column.kind]}' for column in fact.columns)
    key = ", ".join(f'"{name}"' for name in fact.key_names)
    cursor.execute(f"CREATE TABLE {SCHEMA}.{fact.name} ({columns}, PRIMARY KEY ({key}))")


class PostgresEngine:
    """The published facts of a PostgreSQL; fresh as of their publication."""

    name = "postgresql"

    def __init__(self, url: str) -> None:
        self._connection = _connect(url)
        self._connection.autocommit = True
        self._connection.execute(f"SET search_path TO {SCHEMA}")

    def table(self, name: str, period: Period | None = None) -> Table:
        """Return a fact as an Ibis table."""
        rows = table(name)
        return rows if period is None else of_period(rows, period)

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        """Run an expression."""
        # Bytes: the compiled text has its values in it and no placeholders to look for.
        found = self._connection.execute(compiled(expression, _compiler()).encode()).fetchall()
        return plain(expression, expression.columns, found)

    def holding(self, name: str, expression: Table) -> AbstractContextManager[Table]:  # noqa: ARG002
        """Give the expression itself: each question about it asks for it again."""
        return nullcontext(expression)

    def arrows(self, expressions: Iterable[Table]) -> Iterator[pa.Table]:
        """Run expressions in their order and yield an Arrow table of each."""
        return (as_arrow(expression, self.rows(expression)) for expression in expressions)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _connect(url: str) -> Connection[Any]:
    try:
        import psycopg  # noqa: PLC0415 - of the extra `postgresql`
    except ImportError as error:
        raise Fault(
            "engine.postgresql", "PostgreSQL needs its driver: pip install 'daytwo[postgresql]'."
        ) from error
    try:
        return psycopg.connect(url)
    except psycopg.Error as error:
        raise Fault("engine.postgresql", f"PostgreSQL did not answer: {error}") from error


class _Compiler(PostgresCompiler):  # type: ignore[misc] # Ibis ships no types
    """PostgreSQL turns a truth value into `int` only: the other numbers go by way of it."""

    __slots__ = ()

    def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:  # noqa: N802 - Ibis' form
        """Return a cast."""
        if op.arg.dtype.is_boolean() and to.is_numeric():
            arg = self.cast(arg, dt.int32)
        return super().visit_Cast(op, arg=arg, to=to)


@cache
def _compiler() -> _Compiler:
    return _Compiler()
