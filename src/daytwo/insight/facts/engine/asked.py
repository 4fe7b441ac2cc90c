"""What somebody asks of the facts in SQL of their own: read, and nothing else of this machine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from daytwo.insight.facts import arrow
from daytwo.insight.facts.engine.duck import MEMORY_LIMIT, parquet, view_sql
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from daytwo.insight.facts.engine.duck import Source

_SHUT = {
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": MEMORY_LIMIT,
    "python_enable_replacements": "false",
}
ROWS = 50_000
"""Rows handed over at a time."""


@contextmanager
def ask(
    sources: Mapping[str, Source], statement: str, temporary: Path | None = None
) -> Iterator[pa.RecordBatchReader]:
    """Run one query over the facts and give its rows, so many at a time.

    The database is empty but for a view of each fact, knows no file but theirs, opens no
    connection, and locks that before it reads the statement.

    Args:
        sources: The facts of one state, by name.
        statement: One SELECT in DuckDB's SQL.
        temporary: Where a query may lay down what does not fit into memory.

    Raises:
        Refused: It is not one SELECT, cannot be run, or asks for more than the facts.
    """
    connection = duckdb.connect(":memory:", config=dict(_SHUT))
    try:
        _furnish(connection, sources, temporary)
        try:
            _check(connection, statement)
            rows = connection.sql(statement).to_arrow_reader(ROWS)
            yield rows
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            # Once rows flow, an error of DuckDB's comes dressed as one of Arrow's stream.
            raise Refused("facts.sql", f"DuckDB cannot answer: {error}") from error
    finally:
        connection.close()


def _furnish(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], temporary: Path | None
) -> None:
    """Make the views, name their files, and lock the door behind."""
    allowed: list[str] = []
    parts = {}
    for name, source in sources.items():
        whole, overtaken = source.files(None)
        tail, keys = source.tail(), source.overtaken() if overtaken else None
        connection.register(
            f"tail_{name}", arrow.schema(name).empty_table() if tail is None else tail
        )
        if keys is not None:
            connection.register(f"over_{name}", keys)
        allowed += [*whole, *overtaken]
        parts[name] = (whole, overtaken)
    if temporary is not None:
        connection.execute("SET temp_directory = ?", [str(temporary)])
    connection.execute("SET allowed_paths = ?", [allowed])
    for name, (whole, overtaken) in parts.items():
        connection.execute(view_sql(name, name, parquet(whole), parquet(overtaken)))
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _check(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    found = [part.type for part in connection.extract_statements(statement)]
    if found != [duckdb.StatementType.SELECT]:
        raise Refused("facts.sql", "One SELECT is answered, and nothing else. Nothing was run.")
