"""Expressions of any present: made once with a mark in its place, for facts of no engine."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from daytwo.insight.kpis.subjects import SHIFTS, Facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ibis.expr.operations import Literal, Relation
    from ibis.expr.types import Table

    from daytwo.insight.kpis.definition import Definition

PRESENT = 9_000_000_000_000_000_000
"""Stands for the present, microseconds; what is reckoned from it stands near it."""
NEAR = 100_000_000_000_000_000
"""Three thousand years: no time on record is so far from 1970."""
KEPT = 256
"""Definitions whose subjects are kept: every one there is, in more than one zone."""


class AnyTime:
    """An expression that can be asked at any present."""

    __slots__ = ("_expression", "_marks")

    def __init__(self, expression: Table) -> None:
        import ibis.expr.operations as ops  # noqa: PLC0415 - half a second only a figure costs

        self._expression: Relation = expression.op()
        self._marks = [one for one in self._expression.find(ops.Literal) if _is_mark(one)]

    def at(self, now_us: int) -> Table:
        """Return the expression at a present, microseconds UTC."""
        if not self._marks:
            return self._expression.to_expr()
        import ibis.expr.operations as ops  # noqa: PLC0415 - see __init__

        now = {m: ops.Literal(m.value - PRESENT + now_us, m.dtype) for m in self._marks}
        return self._expression.replace(now).to_expr()


def facts_at_any_time(zone: str, shifts: tuple[int, ...] = SHIFTS) -> Facts:
    """Return facts of no engine at no time, of which expressions can be made but not asked.

    Args:
        zone: IANA zone of the site.
        shifts: When its shifts begin, minutes after midnight.
    """
    return Facts(_OfNone(), PRESENT, zone, shifts=shifts)


def subjects_of(of: Definition, facts: Facts) -> Table:
    """Return the subjects of a definition; its expression is made once."""
    return _subjects(of, facts.zone).at(facts.now_us)


@lru_cache(maxsize=KEPT)
def _subjects(of: Definition, zone: str) -> AnyTime:
    return AnyTime(of.subjects(facts_at_any_time(zone)))


def _is_mark(literal: Literal) -> bool:
    return bool(literal.dtype.is_int64()) and abs((literal.value or 0) - PRESENT) < NEAR


class _OfNone:
    """Tables that belong to no engine: expressions of them run on any."""

    def table(self, name: str) -> Table:
        from daytwo.insight.facts.engine import port  # noqa: PLC0415 - loads the engine

        return port.table(name)

    def rows(self, _expression: Table) -> NoReturn:
        raise NotImplementedError

    def holding(self, _name: str, _expression: Table) -> NoReturn:
        raise NotImplementedError

    def arrows(self, _expressions: Iterable[Table]) -> NoReturn:
        raise NotImplementedError
