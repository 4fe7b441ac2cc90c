"""Insert a projected row in one plain statement, its columns and defaults found once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from daytwo.record.ledger.sql import execute

if TYPE_CHECKING:
    from django.db.models import Model


def insert(model: type[Model], **values: object) -> None:
    """Insert one row; fields that are not given take the model's default, as the ORM's would.

    An import inserts one row for each event: the ORM's way costs ten times the statement.

    Args:
        model: The row's model.
        values: By attribute name, `batch_id` for a column of that name.
    """
    statement, rest = _statement(model, tuple(values))
    execute(statement, (*map(_plain, values.values()), *rest))


@lru_cache(maxsize=256)
def _statement(model: type[Model], given: tuple[str, ...]) -> tuple[str, tuple[object, ...]]:
    fields = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001
    rest = [name for name in fields if name not in given]
    columns = [fields[name].column for name in (*given, *rest)]
    defaults = tuple(_plain(fields[name].get_default()) for name in rest)
    names, marks = ", ".join(map(str, columns)), ", ".join(["%s"] * len(columns))
    table = model._meta.db_table  # noqa: SLF001 - Django's documented meta
    return f"INSERT INTO {table} ({names}) VALUES ({marks})", defaults  # noqa: S608 - own names


def _plain(value: object) -> object:
    """Return a word of an enumeration as text: drivers look at the exact type."""
    return str(value) if isinstance(value, str) and type(value) is not str else value
