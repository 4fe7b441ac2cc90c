"""Rows of a fact as Arrow tables, and back; the schema follows from the declaration."""

from __future__ import annotations

from functools import cache
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
    defaults = {column.name: column.default for column in fact_named(name).columns}
    arrays = [
        pa.array([row.get(field.name, defaults[field.name]) for row in rows], field.type)
        for field in schema(name)
    ]
    return pa.Table.from_arrays(arrays, schema=schema(name))


def stored(name: str, rows: Sequence[Row]) -> pa.Table:
    """Return rows as they are stored."""
    memory = [_written(row[STATE]) for row in rows]
    arrays = [pa.array([row[f.name] for row in rows], f.type) for f in schema(name)]
    return pa.Table.from_arrays(
        [*arrays, pa.array(memory, pa.string())], schema=stored_schema(name)
    )


def rows(stored_table: pa.Table, *, born: bool) -> Iterable[Row]:
    """Yield the rows of a stored table."""
    for row in stored_table.to_pylist():
        row[STATE] = orjson.loads(row[STATE]) if row[STATE] else {}
        row[BORN] = born
        yield row


def _written(state: Mapping[str, Any]) -> str | None:
    """Return a row's memory as text; the same memory has the same text."""
    return orjson.dumps(state, option=orjson.OPT_SORT_KEYS).decode() if state else None
