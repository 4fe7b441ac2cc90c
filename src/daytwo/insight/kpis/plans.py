"""What is asked of an engine for the figures of definitions: planned once, asked at any time.

To make the expressions takes longer than many an answer, and of one answer to the next only the
present in them changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from daytwo.insight.kpis.anytime import AnyTime, facts_at_any_time
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.passes import passes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.passes import Branch, Pass
    from daytwo.insight.kpis.subjects import Facts

KEPT = 32
"""Plans that are kept; each is some megabytes."""


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
    definitions: Sequence[Definition], question: Question, span: str, of: Facts
) -> tuple[Asked, ...]:
    """Return what to ask for the figures of definitions.

    Args:
        definitions: All with the dimensions asked for.
        question: What is asked.
        span: One of `calendar.SPANS`.
        of: Facts of the site that asks: its zone and shifts.
    """
    place = (tuple(question.where.items()), question.by)
    return _plan(tuple(definitions), question.period, place, span, (of.zone, of.shifts))


@lru_cache(maxsize=KEPT)
def _plan(
    definitions: tuple[Definition, ...],
    period: Period,
    place: tuple[tuple[tuple[str, str], ...], tuple[str, ...]],
    span: str,
    site: tuple[str, tuple[int, ...]],
) -> tuple[Asked, ...]:
    where, by = place
    question = Question(period, dict(where), by)
    found = passes(definitions, facts_at_any_time(*site), question)
    return tuple(_asked(one, question, span, site[0]) for one in found)


def _asked(of: Pass, question: Question, span: str, zone: str) -> Asked:
    counted = of.persons(question, span, zone)
    return Asked(
        AnyTime(of.summed(question, span, zone)),
        None if counted is None else AnyTime(counted),
        tuple(of.branches),
    )
