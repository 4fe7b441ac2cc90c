"""What is asked of an engine for the figures of definitions: planned once, asked at any time.

To make the expressions takes longer than many an answer, and of one answer to the next only the
present in them changes. A plan is made with a mark in its place, for facts of no engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

import ibis.expr.operations as ops

from daytwo.insight.facts.engine import port
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.passes import passes
from daytwo.insight.kpis.subjects import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ibis.expr.operations import Relation
    from ibis.expr.types import Table

    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.passes import Branch, Pass

PRESENT = 9_000_000_000_000_000_000
"""Stands for the present, microseconds; what is reckoned from it stands near it."""
NEAR = 100_000_000_000_000_000
"""Three thousand years: no time on record is so far from 1970."""
KEPT = 32
"""Plans that are kept; each is some megabytes."""


class AnyTime:
    """An expression that can be asked at any present."""

    __slots__ = ("_expression", "_marks")

    def __init__(self, expression: Table) -> None:
        self._expression: Relation = expression.op()
        self._marks = [one for one in self._expression.find(ops.Literal) if _is_mark(one)]

    def at(self, now_us: int) -> Table:
        """Return the expression at a present, microseconds UTC."""
        if not self._marks:
            return self._expression.to_expr()
        now = {m: ops.Literal(m.value - PRESENT + now_us, m.dtype) for m in self._marks}
        return self._expression.replace(now).to_expr()


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to an engine, and the figures that rest on its answer.

    Attributes:
        sums: A row a group and span, of every branch.
        persons: Likewise, how many persons are counted; None where no figure depends on it.
        branches: What the sums are of.
    """

    sums: AnyTime
    persons: AnyTime | None
    branches: tuple[Branch, ...]


def plan(
    definitions: Sequence[Definition], question: Question, span: str, zone: str
) -> tuple[Asked, ...]:
    """Return what to ask for the figures of definitions.

    Args:
        definitions: All with the dimensions asked for.
        question: What is asked.
        span: One of `calendar.SPANS`.
        zone: IANA zone of the site.
    """
    where = tuple(question.where.items())
    return _plan(tuple(definitions), question.period, where, question.by, span, zone)


@lru_cache(maxsize=KEPT)
def _plan(
    definitions: tuple[Definition, ...],
    period: Period,
    where: tuple[tuple[str, str], ...],
    by: tuple[str, ...],
    span: str,
    zone: str,
) -> tuple[Asked, ...]:
    question = Question(period, dict(where), by)
    found = passes(definitions, Facts(_OfNone(), PRESENT, zone), question)
    return tuple(_asked(one, question, span, zone) for one in found)


def _asked(of: Pass, question: Question, span: str, zone: str) -> Asked:
    counted = of.persons(question, span, zone)
    return Asked(
        AnyTime(of.summed(question, span, zone)),
        None if counted is None else AnyTime(counted),
        tuple(of.branches),
    )


def _is_mark(literal: ops.Literal) -> bool:
    return bool(literal.dtype.is_int64()) and abs((literal.value or 0) - PRESENT) < NEAR


class _OfNone:
    """Tables that belong to no engine: expressions of them run on any."""

    def table(self, name: str) -> Table:
        return port.table(name)

    def rows(self, _expression: Table) -> NoReturn:
        raise NotImplementedError

    def arrows(self, _expressions: Iterable[Table]) -> NoReturn:
        raise NotImplementedError
