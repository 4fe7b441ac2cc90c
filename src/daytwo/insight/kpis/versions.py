"""Versions of a definition side by side, and what part of a move is measurement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.definition import versions
from daytwo.insight.kpis.evaluate import evaluate
from daytwo.insight.kpis.explain import explain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from daytwo.insight.kpis.cohort import Period
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.value import KpiValue


@dataclass(frozen=True, slots=True)
class Difference:
    """A subject of which two versions say different things.

    Attributes:
        subject: Its name.
        kind: What it is.
        before: State and number by the old version; empty where it is none of its subjects.
        after: Likewise by the new one.
    """

    subject: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Split:
    """How far a figure moved from one period to another, and why; in the KPI's unit.

    Attributes:
        old_before: Old version, period before.
        old_after: Old version, period after.
        new_before: New version, period before.
        new_after: New version, period after.
        move: New version after minus old version before: what a chart would show.
        measurement: Part of it that comes from the other definition.
        performance: Part of it that comes from the other period.
    """

    old_before: KpiValue
    old_after: KpiValue
    new_before: KpiValue
    new_after: KpiValue
    move: float | None
    measurement: float | None
    performance: float | None


def side_by_side(kpi_id: str, facts: Facts, question: Question) -> list[KpiValue]:
    """Return the figure by every version of a definition, the oldest first."""
    return [evaluate(of, facts, question) for of in versions(kpi_id)]


def split_move(
    old: Definition,
    new: Definition,
    facts: Facts,
    before: Period,
    after: Period,
    where: Mapping[str, str] | None = None,
) -> Split:
    """Split a move into what was measured otherwise and what became otherwise.

    Each part is the mean over both ways round: changing the definition first, or the period
    first. So the two parts are the whole move, and neither way is preferred.

    Args:
        old: The version that the figure before was shown by.
        new: The version that the figure after was shown by.
        facts: The facts.
        before: The period before.
        after: The period after.
        where: Only these values of dimensions, as in `Question`; None for all.

    Returns:
        Parts unknown where any of the four figures is.

    References:
        Shapley (1953), for two causes; Kitagawa, J. Am. Stat. Assoc. 50 (1955) 1168.
    """
    old_before, old_after, new_before, new_after = (
        evaluate(of, facts, Question(period, where or {}))
        for of in (old, new)
        for period in (before, after)
    )
    a, b, c, d = (v.value for v in (old_before, old_after, new_before, new_after))
    move = measurement = performance = None
    if a is not None and b is not None and c is not None and d is not None:
        move = d - a
        measurement = ((c - a) + (d - b)) / 2
        performance = ((b - a) + (d - c)) / 2
    return Split(
        old_before=old_before,
        old_after=old_after,
        new_before=new_before,
        new_after=new_after,
        move=move,
        measurement=measurement,
        performance=performance,
    )


def differences(
    old: Definition, new: Definition, facts: Facts, question: Question
) -> Sequence[Difference]:
    """Return the subjects of which two versions say different things, sorted by name."""
    by_old, by_new = (_said(of, facts, question) for of in (old, new))
    return [
        Difference(*key, by_old.get(key, ""), by_new.get(key, ""))
        for key in sorted({*by_old, *by_new})
        if by_old.get(key) != by_new.get(key)
    ]


def _said(of: Definition, facts: Facts, question: Question) -> dict[tuple[str, str], str]:
    told = explain(of, facts, question)
    said: dict[tuple[str, str], str] = {}
    for s in told.subjects:
        what = f"{s.number:.6g}" if s.counted and s.number is not None else s.why or s.state
        said[s.subject, s.kind] = what
    return said
