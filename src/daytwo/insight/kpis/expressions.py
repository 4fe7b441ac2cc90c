"""Expressions that are made once: to make one takes longer than many an answer to it.

The same is asked again whenever the ledger has moved, of a table by the same name.
"""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from ibis.expr.operations import Relation
    from ibis.expr.types import Table

Asked = ParamSpec("Asked")
KEPT = 256
"""Expressions kept of each function; one is some ten kilobytes beside what it shares."""


def made_once(
    make: Callable[Concatenate[Table, Asked], Table],
) -> Callable[Concatenate[Table, Asked], Table]:
    """Keep the expressions that a function makes of a table; its other arguments are hashable."""

    @lru_cache(maxsize=KEPT)
    def kept(operation: Relation, *args: Any, **kwargs: Any) -> Relation:
        return make(operation.to_expr(), *args, **kwargs).op()

    @wraps(make)
    def made(table: Table, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Table:
        return kept(table.op(), *args, **kwargs).to_expr()  # type: ignore[arg-type] # hashable

    return made
