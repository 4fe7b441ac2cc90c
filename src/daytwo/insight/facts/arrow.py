"""Rows of a fact as Arrow tables, and back; the schema follows from the declaration."""

from __future__ import annotations

from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa

from daytwo.insight.facts.declare import BORN, STATE, Kind
from daytwo.insight.facts.registry import fact as fact_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from daytwo.insight.facts.declare import Row

_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.I64: pa.int64(),
    Kind.F64: pa.float64(),
    Kind.BOOL: pa.bool_(),
}


_OWN = len((STATE, BORN))
"""What a folded row has besides its columns."""


@cache
def schema(name: str) -> pa.Schema:
    """Return the public columns of a fact."""
    return pa.schema([(column.name, _TYPES[column.kind]) for column in fact_named(name).columns])


@cache
def stored_schema(name: str) -> pa.Schema:
    """Return what is stored: the public columns and the fold's memory as JSON text."""
    return schema(name).append(pa.field(STATE, pa.string()))


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as a table of the public columns; a column that a row lacks has its default."""
    if not rows:
        return schema(name).empty_table()
    defaults = {column.name: column.default for column in fact_named(name).columns}
    if any(len(row) != len(defaults) + _OWN for row in rows):
        rows = [defaults | dict(row) for row in rows]
    return pa.Table.from_arrays(_columns(name, rows), schema=schema(name))


def stored(name: str, rows: Sequence[Row]) -> pa.Table:
    """Return rows as they are stored."""
    if not rows:
        return stored_schema(name).empty_table()
    memory = pa.array([_written(row[STATE]) for row in rows], pa.string())
    return pa.Table.from_arrays([*_columns(name, rows), memory], schema=stored_schema(name))


def rows(stored_table: pa.Table, *, born: bool) -> Iterable[Row]:
    """Yield the rows of a stored table."""
    for row in stored_table.to_pylist():
        row[STATE] = orjson.loads(row[STATE]) if row[STATE] else {}
        row[BORN] = born
        yield row


def _columns(name: str, rows: Sequence[Mapping[str, Any]]) -> list[pa.Array]:
    """Return the columns of rows: each row is looked at once, which memory likes best."""
    fields = list(schema(name))
    values = zip(*map(itemgetter(*(field.name for field in fields)), rows), strict=True)
    return [pa.array(some, field.type) for field, some in zip(fields, values, strict=True)]


def _written(state: Mapping[str, Any]) -> str | None:
    """Return a row's memory as text; the same memory has the same text."""
    return orjson.dumps(state, option=orjson.OPT_SORT_KEYS).decode() if state else None
