"""DuckDB in the process: over Parquet files and the live tail, or over rows in memory."""

from __future__ import annotations

import re
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot.expressions as sge
from ibis.backends.sql.compilers import DuckDBCompiler

from daytwo.insight.facts import arrow
from daytwo.insight.facts.engine.port import (
    Period,
    compiled,
    of_period,
    plain,
    table,
    tables_of,
)
from daytwo.insight.facts.registry import by_name
from daytwo.kernel.threads import Belongings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    import pyarrow as pa
    from ibis.expr.operations import Relation
    from ibis.expr.types import Table

MEMORY_LIMIT = "2GB"
"""Beyond it DuckDB writes to its temporary directory; the machine has other work too."""


LEAST_INSTANT = 100_000_000_000_000
"""1973 in microseconds."""
FIRST_MARK = 9_200_000_000_000_000_000
MOST_MARKS = 10_000
_MARK = re.compile(r"\b9200000000000\d{6}\b")
MOST_KEPT = 16_000_000
"""Bytes of a fact's files up to which its rows are also kept in memory, some ten times as large.

Opening two dozen small files costs each question more than all else that it asks."""
KEPT_STATES = 4
"""States of a fact that are kept: answers that have begun go on with the one they began with."""
AHEAD = 2
"""Questions that run at once for one answer: each begins and ends on one core alone."""
MOST_VIEWS = 200
"""Views kept by a cursor: every fact, and the periods asked for last."""


class Source(Protocol):
    """Where the rows of one fact are: some files, of which a few are partly overtaken, and a tail.

    Attributes:
        version: Another one whenever anything of it changes.
    """

    version: object

    def files(self, period: Period | None) -> tuple[Sequence[str], Sequence[str]]:
        """Return the Parquet files read as they are, and those of which rows were overtaken."""

    def tail(self) -> pa.Table | None:
        """Return the rows that are in no file yet, or overtake one in a file."""

    def overtaken(self) -> pa.Table | None:
        """Return the keys of stored rows that count no more."""


class DuckDB:
    """One connection a process, a cursor a thread, no extension ever fetched.

    Attributes:
        ahead: Runs what `arrows` will hand over next.
    """

    def __init__(self, temporary: Path | None = None) -> None:
        config: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY_LIMIT,
            "preserve_insertion_order": "false",
        }
        if temporary is not None:
            config["temp_directory"] = str(temporary)
        self._connection = duckdb.connect(":memory:", config=config)
        self._connection.execute("SET parquet_metadata_cache = true")
        self._cursors: Belongings[_Cursor] = Belongings(lambda cursor: cursor.connection.close())
        self._kept: dict[str, dict[tuple[str, ...], str]] = {}
        self._keeping, self._number = threading.Lock(), count(1)
        # They stay: each has a cursor, and making its views takes longer than many an answer.
        self.ahead = ThreadPoolExecutor(AHEAD, "facts-ahead")

    def kept(self, fact: str, files: tuple[str, ...]) -> str | None:
        """Return the table that holds the rows of a fact's files; None when they are too large."""
        with self._keeping:
            known = self._kept.setdefault(fact, {})
            name = known.pop(files, None)
            if name is None:
                if sum(Path(file).stat().st_size for file in files) > MOST_KEPT:
                    return None
                name = f"kept_{fact}_{next(self._number)}"
                query = f'CREATE TABLE "{name}" AS {_select(fact, parquet(files))}'
                self._connection.execute(query)
            known[files] = name
            while len(known) > KEPT_STATES:
                old = known.pop(next(iter(known)))
                self._connection.execute(f'DROP TABLE "{old}"')
            return name

    def hold(self, connection: duckdb.DuckDBPyConnection, query: str) -> str:
        """Keep the rows of a query in a table that every cursor sees, and return its name."""
        with self._keeping:
            name = f"held_{next(self._number)}"
        connection.execute(f'CREATE TABLE "{name}" AS {query}')
        return name

    def cursor(self) -> _Cursor:
        """Return this thread's cursor."""
        found = self._cursors.mine()
        if found is None:
            found = _Cursor(self, self._connection.cursor())
            self._cursors.put(found)
        return found


class _Cursor:
    """A cursor and the views that stand in it."""

    def __init__(self, database: DuckDB, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._database = database
        self._views: dict[str, tuple[object, object]] = {}
        self._pointed: dict[str, str] = {}

    def define(self, view: str, fact: str, source: Source, period: Period | None) -> None:
        """Make a view of a fact, unless it stands as it should."""
        known = self._views.pop(view, None)
        version = (source.version, period)
        if known is not None and known[0] == version:
            self._views[view] = known
            return
        whole, overtaken = source.files(period)
        keys = source.overtaken() if overtaken else None
        if keys is not None:
            self.connection.register(f"over_{view}", keys)
        tail = source.tail()
        empty = arrow.schema(fact).empty_table()
        self.connection.register(f"tail_{view}", empty if tail is None else tail)
        files = (tuple(whole), tuple(overtaken))
        if known is None or known[1] != files:
            # Of a new tail alone the view need not know: it reads what has the name.
            self.connection.execute(view_sql(view, fact, *(self._from(fact, f) for f in files)))
        self._views[view] = (version, files)
        while len(self._views) > MOST_VIEWS:
            self._drop(next(iter(self._views)))

    def point(self, view: str, held: str) -> None:
        """Let a view show a table that is held."""
        if self._pointed.get(view) != held:
            self.connection.execute(f'CREATE OR REPLACE TEMP VIEW "{view}" AS FROM "{held}"')
            self._pointed[view] = held

    def _from(self, fact: str, files: tuple[str, ...]) -> str:
        """Return what SQL reads a fact's files from; empty for none."""
        kept = self._database.kept(fact, files) if files else None
        return f'"{kept}"' if kept else parquet(files)

    def _drop(self, view: str) -> None:
        del self._views[view]
        self.connection.execute(f'DROP VIEW IF EXISTS "{view}"')
        for name in (f"tail_{view}", f"over_{view}"):
            self.connection.unregister(name)


def view_sql(view: str, fact: str, whole: str, overtaken: str) -> str:
    """Return the SQL of a view over files, files of which some rows count no more, and the tail."""
    parts = [_select(fact, f'"tail_{view}"')]
    if whole:
        parts.append(_select(fact, whole))
    if overtaken:
        names = ", ".join(f'"{name}"' for name in by_name()[fact].key_names)
        parts.append(f'{_select(fact, overtaken)} ANTI JOIN "over_{view}" USING ({names})')
    return f'CREATE OR REPLACE TEMP VIEW "{view}" AS {" UNION ALL ".join(parts)}'


def _select(fact: str, rows: str) -> str:
    columns = ", ".join(f'"{name}"' for name in arrow.schema(fact).names)
    return f"SELECT {columns} FROM {rows}"  # noqa: S608 - own names


def parquet(files: Sequence[str]) -> str:
    """Return what SQL reads files from; empty for none."""
    if not files:
        return ""
    quoted = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"read_parquet([{quoted}], hive_partitioning = false)"


class DuckEngine:
    """DuckDB over one state of the facts."""

    name = "duckdb"

    def __init__(self, database: DuckDB, sources: Mapping[str, Source]) -> None:
        self._database = database
        self._sources = sources
        self._periods: dict[str, tuple[str, Period | None]] = {
            name: (name, None) for name in sources
        }
        self._held: dict[str, str] = {}

    def table(self, name: str, period: Period | None = None) -> Table:
        """Return a fact as an Ibis table."""
        rows = table(name)
        if period is None:
            return rows
        view = f"{name}__{period.column}_{period.since_us}_{period.until_us}_{period.open:d}"
        self._periods[view] = (name, period)
        return of_period(rows.op().copy(name=view).to_expr(), period)

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        """Run an expression."""
        found = self._asked(expression).fetchall()
        return plain(expression, expression.columns, found)

    @contextmanager
    def holding(self, name: str, expression: Table) -> Iterator[Table]:
        """Make an expression's rows once, and give a table of them until the context ends.

        To plan a question takes DuckDB longer than to answer it, of thousands of rows.
        """
        view = f"held_{name}"
        query, connection = self._defined(expression)
        self._held[view] = self._database.hold(connection, query)
        try:
            yield ibis.table(expression.schema(), name=view)
        finally:
            connection.execute(f'DROP TABLE "{self._held.pop(view)}"')

    def batches(self, expression: Table, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Run an expression and yield its rows as tuples, so many at a time."""
        found = self._asked(expression)
        while rows := found.fetchmany(size):
            yield rows

    def arrows(self, expressions: Iterable[Table]) -> Iterator[pa.Table]:
        """Run expressions and yield an Arrow table of each; the next two run while one is read."""
        begun: deque[Future[pa.Table]] = deque()
        try:
            for expression in expressions:
                begun.append(self._database.ahead.submit(self._arrow, expression))
                if len(begun) > AHEAD:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for future in begun:
                future.cancel()

    def _arrow(self, expression: Table) -> pa.Table:
        query, connection = self._defined(expression)
        return connection.sql(query).to_arrow_table()

    def _asked(self, expression: Table) -> duckdb.DuckDBPyConnection:
        query, connection = self._defined(expression)
        return connection.execute(query)

    def _defined(self, expression: Table) -> tuple[str, duckdb.DuckDBPyConnection]:
        """Return an expression's SQL and this thread's connection, its views as they should be."""
        query, views = _sql(expression.op())
        cursor = self._database.cursor()
        for view in views:
            if held := self._held.get(view):
                cursor.point(view, held)
                continue
            name, period = self._periods[view]
            cursor.define(view, name, self._sources[name], period)
        return query, cursor.connection


@lru_cache(maxsize=512)
def _sql(operation: Relation) -> tuple[str, tuple[str, ...]]:
    """Return an expression's SQL and its tables; a page asks the same again and again.

    It also asks the same of other times, so what is compiled has marks in their place.
    """
    marked, times = _marked(operation)
    query, views = _compiled(marked)
    if not times:
        return query, views
    return _MARK.sub(lambda mark: str(times[int(mark[0]) - FIRST_MARK]), query), views


@lru_cache(maxsize=512)
def _compiled(operation: Relation) -> tuple[str, tuple[str, ...]]:
    expression = operation.to_expr()
    return compiled(expression, _compiler()), tuple(sorted(tables_of(expression)))


def _marked(operation: Relation) -> tuple[Relation, list[int]]:
    """Return an operation with a mark for each instant in it, and the instants, in their order."""
    literals = operation.find(ops.Literal)
    found = [node for node in literals if _is_instant(node)]
    times = list(dict.fromkeys(node.value for node in found))
    said = (node.value for node in literals if isinstance(node.value, str))
    if not times or len(times) > MOST_MARKS or any(map(_MARK.search, said)):
        return operation, []
    marks = {time: FIRST_MARK + number for number, time in enumerate(times)}
    replaced = {node: ops.Literal(marks[node.value], node.dtype) for node in found}
    return operation.replace(replaced), times


def _is_instant(node: ops.Literal) -> bool:
    """Say whether a literal is a time in microseconds; nothing else is so large a number."""
    value = node.value
    return bool(node.dtype.is_int64()) and value is not None and LEAST_INSTANT < value < FIRST_MARK


class _Compiler(DuckDBCompiler):  # type: ignore[misc] # Ibis ships no types
    """Ibis turns a hash into a signed number by way of a text of its bits, a row at a time."""

    __slots__ = ()

    def visit_Hash(self, _op: Any, *, arg: Any) -> Any:  # noqa: N802 - Ibis' form
        """Return a hash, of which 63 bits are as good as 64."""
        return self.cast(
            sge.BitwiseRightShift(this=self.f.hash(arg), expression=sge.convert(1)), dt.int64
        )


@cache
def _compiler() -> _Compiler:
    return _Compiler()


class RowsInMemory:
    """A fact's rows that lie in memory only."""

    def __init__(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self._table = arrow.table(name, rows)
        self.version: object = object()

    def files(self, period: Period | None) -> tuple[Sequence[str], Sequence[str]]:  # noqa: ARG002
        """Return no file."""
        return (), ()

    def tail(self) -> pa.Table:
        """Return the rows."""
        return self._table

    def overtaken(self) -> None:
        """Return nothing."""


def over_rows(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> DuckEngine:
    """Return an engine over rows in memory.

    Args:
        rows: By fact; a fact that is missing is empty, a column that is missing has its default.
    """
    return DuckEngine(
        DuckDB(), {name: RowsInMemory(name, rows.get(name, ())) for name in by_name()}
    )
