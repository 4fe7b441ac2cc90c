"""How much of what a KPI speaks of it can count: coverage, and what is left out and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.kpis import collect
from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.definition import all_definitions
from daytwo.insight.kpis.evaluate import subject_table
from daytwo.insight.kpis.subjects import EXCLUDED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.subjects import Facts


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one KPI counts.

    Attributes:
        of: The definition.
        counted: Subjects that count.
        open: Subjects whose stop event has not come.
        excluded: (reason, how many, whether the record lacks something), the most first.
        missing: Left out because the record lacks something.
        undated: Left out of every period, as no time of theirs is known.
        coverage: Counted over counted plus missing; None for 0/0.
    """

    of: Definition
    counted: int
    open: int
    excluded: tuple[tuple[str, int, bool], ...]
    missing: int
    undated: int
    coverage: float | None


def coverages(facts: Facts, question: Question) -> list[Coverage]:
    """Return the coverage of every KPI, the lowest first, unknown ones last.

    Args:
        facts: The facts.
        question: Period and filters; a KPI is narrowed by those that its subjects have.
    """
    found = [_coverage(facts, question, of) for of in all_definitions()]
    return sorted(found, key=lambda c: (c.coverage is None, c.coverage or 0.0))


def reasons(found: Iterable[Coverage]) -> list[tuple[str, bool, int, tuple[str, ...]]]:
    """Return (reason, record lacks something, subjects, KPIs): what would cover most, first."""
    counts: Counter[tuple[str, bool]] = Counter()
    kpis: dict[tuple[str, bool], list[str]] = {}
    for one in found:
        for why, n, lacks in one.excluded:
            counts[why, lacks] += n
            kpis.setdefault((why, lacks), []).append(one.of.id)
    order = sorted(counts.items(), key=lambda item: (not item[0][1], -item[1], item[0][0]))
    return [(why, lacks, n, tuple(kpis[why, lacks])) for (why, lacks), n in order]


def _coverage(facts: Facts, question: Question, of: Definition) -> Coverage:
    where = {name: value for name, value in question.where.items() if name in of.dimensions}
    subjects = subject_table(of, facts, Question(question.period, where))
    part = collect.parts(facts.engine, subjects, ())[()]
    lacking = subjects.filter((subjects.state == EXCLUDED) & subjects.missing)
    lacks: set[str] = set()
    if part.missing:
        lacks = {row["why"] for row in facts.engine.rows(lacking.select("why").distinct())}
    told = part.counted + part.missing
    return Coverage(
        of=of,
        counted=part.counted,
        open=part.open,
        excluded=tuple(
            (why, n, why in lacks)
            for why, n in sorted(part.excluded.items(), key=lambda e: (-e[1], e[0]))
        ),
        missing=part.missing,
        undated=part.undated,
        coverage=part.counted / told if told else None,
    )
