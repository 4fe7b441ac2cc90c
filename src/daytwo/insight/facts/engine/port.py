"""What an engine is: fact tables for Ibis expressions, and the rows of such an expression."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import ibis
import pyarrow as pa
from ibis.expr import operations as ops
from sqlglot import expressions as sge

from daytwo.insight.facts.declare import Kind
from daytwo.insight.facts.registry import fact
from daytwo.kernel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from ibis.backends.sql.compilers.base import SQLGlotCompiler
    from ibis.expr.types import Table

_APPROXIMATE = (sge.ApproxQuantile, sge.ApproxDistinct, sge.ApproxTopK)
_TYPES = {Kind.TEXT: "string", Kind.I64: "int64", Kind.F64: "float64", Kind.BOOL: "boolean"}


@dataclass(frozen=True, slots=True)
class Period:
    """Rows whose time lies in a period; only the months that can hold such rows are read.

    Attributes:
        column: A time of the fact, such as `decided_us`.
        since_us: From here on.
        until_us: Up to here, exclusive.
        open: Also the rows that do not have that time yet.
    """

    column: str
    since_us: int
    until_us: int
    open: bool = False


class Engine(Protocol):
    """An engine over one state of the facts: every question sees the same rows."""

    name: str

    def table(self, name: str, period: Period | None = None) -> Table:
        """Return a fact as an Ibis table; expressions of it run on any engine.

        Args:
            name: Of the fact.
            period: Only the rows of a period.
        """

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        """Run an expression and return its rows as plain values.

        The order is the expression's own: without `order_by` there is none.
        """

    def holding(self, name: str, expression: Table) -> AbstractContextManager[Table]:
        """Give a table of an expression's rows, for several questions about them.

        An engine may make them once and keep them until the context ends.

        Args:
            name: Of what is held; one at a time has it.
            expression: What is asked about.
        """

    def arrows(self, expressions: Iterable[Table]) -> Iterator[pa.Table]:
        """Run expressions in their order and yield an Arrow table of each, for many rows at once.

        An engine may run the next one while what it yielded is read.
        """


@cache
def table(name: str) -> Table:
    """Return a fact as an Ibis table that belongs to no engine."""
    return ibis.table({c.name: _TYPES[c.kind] for c in fact(name).columns}, name=name)


def of_period(rows: Table, period: Period) -> Table:
    """Return the rows of a period."""
    at = rows[period.column]
    inside = (at >= period.since_us) & (at < period.until_us)
    return rows.filter(inside | at.isnull() if period.open else inside)


def tables_of(expression: Table) -> set[str]:
    """Return the names of the tables that an expression reads."""
    return {node.name for node in expression.op().find(ops.UnboundTable)}


def compiled(expression: Table, compiler: SQLGlotCompiler) -> str:
    """Return an expression as SQL of the compiler's engine.

    Raises:
        Fault: The engine would answer approximately; no published figure is that.
    """
    query = compiler.to_sqlglot(expression)
    if query.find(*_APPROXIMATE) is not None:
        raise Fault(
            "engine.approximate", f"{type(compiler).__name__} has only an approximation of this."
        )
    return str(query.sql(dialect=compiler.dialect))


def plain(
    expression: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[dict[str, Any]]:
    """Return rows with every value as the expression's type says, whatever the engine gave.

    PostgreSQL sums whole numbers to decimals, DuckDB to 128 bits: both are plain `int` here.
    """
    schema = expression.schema()
    cast = [_cast(schema[name]) for name in names]
    return [
        {
            name: value if value is None or to is None else to(value)
            for name, to, value in zip(names, cast, row, strict=True)
        }
        for row in rows
    ]


def as_arrow(expression: Table, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Return an expression's rows as an Arrow table, from an engine that gives rows only."""
    types = [(name, _arrow_type(type_)) for name, type_ in expression.schema().items()]
    return pa.Table.from_pylist(rows, schema=pa.schema(types))


def _arrow_type(type_: Any) -> pa.DataType:
    """Return the Arrow type of what an engine's rows hold, as `plain` makes them."""
    if type_.is_array():
        return pa.list_(_arrow_type(type_.value_type))
    if type_.is_boolean():
        return pa.bool_()
    if type_.is_integer():
        return pa.int64()
    return pa.float64() if type_.is_numeric() else pa.string()


def _cast(type_: Any) -> Callable[[Any], Any] | None:
    if type_.is_boolean():
        return bool
    if type_.is_integer():
        return int
    if type_.is_numeric():
        return float
    return None
