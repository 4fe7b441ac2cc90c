"""Everything that one KPI's page shows: the figure, its trend, groups, versions, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.detection.board import Asked, Figure, Waiting, figure, waiting
from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.definition import definition, versions
from daytwo.insight.kpis.evaluate import groups
from daytwo.insight.kpis.explain import Explanation, explain
from daytwo.insight.kpis.versions import Split, side_by_side, split_move

if TYPE_CHECKING:
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.value import KpiValue

LISTED = 5000
"""Subjects listed on the page's reading; more come with the download alone."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One KPI.

    Attributes:
        figure: The figure, the one before, the trend.
        groups: By the dimension asked for, the most subjects first; empty without one.
        versions: The figure by every version, the oldest first; one when there is one.
        split: What part of the move from the period before is measurement; None with one version.
        waiting: What is open, the oldest first.
        explained: The subjects behind the figure, checked against it as far as they are listed.
    """

    figure: Figure
    groups: tuple[KpiValue, ...]
    versions: tuple[KpiValue, ...]
    split: Split | None
    waiting: tuple[Waiting, ...]
    explained: Explanation


def sheet(
    facts: Facts, kpi_id: str, version: int | None, asked: Asked, by: str, limit: int = LISTED
) -> Sheet:
    """Return what a KPI's page shows.

    Args:
        facts: The facts.
        kpi_id: Such as `K1`.
        version: Of the definition; None for the newest.
        asked: Period, the one before, filters.
        by: A dimension to split by; empty for none.
        limit: Subjects to list.
    """
    of = definition(kpi_id, version)
    where = {name: value for name, value in asked.where if name in of.dimensions}
    question = Question(asked.period, where)
    split_by = groups(of, facts, Question(asked.period, where, (by,))) if by else []
    every = versions(kpi_id)
    split = None
    if len(every) > 1 and asked.before is not None:
        split = split_move(every[-2], every[-1], facts, asked.before, asked.period, where)
    return Sheet(
        figure=figure(facts, of, asked),
        groups=tuple(sorted(split_by, key=lambda found: -found.subjects)),
        versions=tuple(side_by_side(kpi_id, facts, question)) if len(every) > 1 else (),
        split=split,
        waiting=waiting(facts, asked, (kpi_id,)),
        explained=explain(of, facts, question, limit),
    )
