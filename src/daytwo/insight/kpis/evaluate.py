"""The evaluator: a definition and the facts give a value with n, coverage and an interval."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis import calendar, collect
from daytwo.insight.kpis.anytime import subjects_of
from daytwo.insight.kpis.cohort import Period, Question, as_of, placed
from daytwo.insight.kpis.expressions import made_once
from daytwo.insight.kpis.measures import Kind, Measure, Parts
from daytwo.insight.kpis.shifts import with_shift
from daytwo.insight.kpis.subjects import COUNTED, EXCLUDED, SHIFT, Held
from daytwo.insight.kpis.value import KpiValue
from daytwo.kernel.errors import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ibis.expr.types import Table

    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.subjects import Engine, Facts

_NO_SUMS = (Kind.MEDIAN, Kind.PRODUCT)
"""Kinds of figures that are not one sum by another."""


def evaluate(of: Definition, facts: Facts, question: Question | None = None) -> KpiValue:
    """Evaluate a definition to one figure; every subject is counted, open or excluded.

    Raises:
        Fault: The parts do not add up to the whole.
        Refused: The definition's subjects have no such dimension.
    """
    asked = question or Question()
    return groups(of, facts, Question(asked.period, asked.where))[0]


def groups(of: Definition, facts: Facts, question: Question) -> list[KpiValue]:
    """Evaluate a definition to one figure for each value of the dimensions asked for.

    Returns:
        In the order of the dimensions' values, unknown ones last.
    """
    subjects = subject_table(of, facts, question)
    found = _parts(of, facts, subjects, question.by)
    if question.whole:
        _check_population(of, facts, found.values())
    now = as_of(question.period, facts.now_us)
    numbers = collect.measures(facts.engine, of.statistic, subjects, question.by, found, now)
    made = [_value(of, question, group, part, numbers[group], now) for group, part in found.items()]
    return sorted(made, key=lambda v: [(x is None, x or "") for x in v.group.values()])


def trend(of: Definition, facts: Facts, question: Question, span: str) -> list[KpiValue]:
    """Evaluate a definition for each day, week, month, quarter or year of the site.

    Args:
        of: The definition.
        facts: The facts.
        question: With or without a period; without one from the first stop event to now.
        span: One of `calendar.SPANS`; not shorter than the definition's shortest.

    Returns:
        One figure a span, unknown where nothing counts, for each group; `group` has the span's
        name under `span`. What is open belongs to no span: `open` is None.
    """
    stopped = _stopped(of, facts, question)
    bounds = _bounds(facts.engine, stopped, question.period, facts.now_us)
    if bounds is None:
        return []
    spans = calendar.edges(*bounds, of.span(span), facts.zone)
    return _along(of, facts, question, stopped, (spans, max(bounds[1], spans[-1][1] + 1)))


def along(
    of: Definition, facts: Facts, question: Question, spans: Sequence[tuple[str, int]], end_us: int
) -> list[KpiValue]:
    """Evaluate a definition for spans of one's own, such as months since an event.

    Args:
        of: The definition.
        facts: The facts.
        question: Filters and groups; its period is not looked at.
        spans: Name and first instant of each, in order; not empty.
        end_us: First instant after the last.

    Returns:
        As `trend` does.
    """
    within = Question(Period(spans[0][1], end_us), question.where, question.by)
    return _along(of, facts, within, _stopped(of, facts, within), (spans, end_us))


def _stopped(of: Definition, facts: Facts, question: Question) -> Table:
    return _ended(subject_table(of, facts, question))


@made_once
def _ended(table: Table) -> Table:
    return table.filter(table.state.isin([COUNTED, EXCLUDED]) & table.stop_us.notnull())


def _along(
    of: Definition,
    facts: Facts,
    question: Question,
    stopped: Table,
    cut: tuple[Sequence[tuple[str, int]], int],
) -> list[KpiValue]:
    spans, end_us = cut
    by = (*question.by, "span")
    table = _spanned(stopped, tuple(start for _, start in spans))
    found = _parts(of, facts, table, by)
    for group in {key[:-1] for key in found}:
        for at in range(len(spans)):
            found.setdefault((*group, at), Parts())
    numbers = collect.measures(facts.engine, of.statistic, table, by, found, facts.now_us)
    ends = [*(start for _, start in spans[1:]), end_us]
    made = []
    for group in sorted(found, key=lambda key: [(x is None, x or 0) for x in key]):
        name, start = spans[group[-1]]
        within = Question(Period(start, ends[group[-1]]), question.where, by)
        made.append(_value(of, within, (*group[:-1], name), found[group], numbers[group], None))
    return made


@contextmanager
def held(of: Definition, facts: Facts, question: Question) -> Iterator[Facts]:
    """Give facts in which a definition's subjects are made once, for several questions about them.

    Args:
        of: The definition.
        facts: The facts.
        question: Whose filters, and whose period's beginning or a later one, the questions have.
    """
    since = question.period.since_us
    table = _since(_narrowed(of, facts, question), since)
    with facts.engine.holding(f"{of.id}_{of.version}", table) as made:
        one = Held(made, since, question.where)
        yield replace(facts, held={**facts.held, (of.id, of.version): one})


@made_once
def _spanned(table: Table, starts: tuple[int, ...]) -> Table:
    return table.mutate(span=calendar.index(table.stop_us, starts))


def subject_table(of: Definition, facts: Facts, question: Question) -> Table:
    """Return the subjects that a question is about, each in its state at the period's end."""
    return placed(_narrowed(of, facts, question), question.period)


def _narrowed(of: Definition, facts: Facts, question: Question) -> Table:
    check_dimensions([of], question)
    held = facts.held.get((of.id, of.version))
    stands = held is not None and held.answers(question.period.since_us, question.where)
    table = held.table if held is not None and stands else subjects_of(of, facts)
    if SHIFT in question.by or SHIFT in question.where:
        table = with_shift(table, facts.zone, facts.shifts)
    return _where(table, tuple(question.where.items()))


@made_once
def _where(table: Table, where: tuple[tuple[str, str], ...]) -> Table:
    for name, value in where:
        table = table.filter(table[name] == value)
    return table


@made_once
def _since(table: Table, since: int | None) -> Table:
    """Leave out what stopped before."""
    return (
        table if since is None else table.filter(table.stop_us.isnull() | (table.stop_us >= since))
    )


def check_dimensions(definitions: Iterable[Definition], question: Question) -> None:
    """Refuse a question by dimensions that the subjects of a definition do not have."""
    for of in definitions:
        for name in (*question.by, *question.where):
            if name not in of.dimensions:
                there = ", ".join(of.dimensions)
                words = f"{of.id} cannot be split by {name}, only by {there}."
                raise Refused("kpi.dimension", words)


def _parts(
    of: Definition, facts: Facts, subjects: Table, by: Sequence[str]
) -> dict[collect.Group, Parts]:
    found = collect.parts(
        facts.engine,
        subjects,
        by,
        persons=of.minimum_persons > 0,
        factors=bool(of.statistic.factors),
    )
    if unvalued := sum(part.unvalued for part in found.values()):
        raise Fault("kpi.unvalued", f"{of.id}: {unvalued} subjects count without a number.")
    return found


def _check_population(of: Definition, facts: Facts, found: Iterable[Parts]) -> None:
    whole = 0
    for table in of.population(facts):
        whole += facts.engine.rows(table.aggregate(n=table.count()))[0]["n"]
    told = sum(p.counted + p.open + p.excluded.total() + p.undated for p in found)
    if whole != told:
        raise Fault(
            "kpi.does_not_add_up",
            f"{of.id}: {told} subjects of {whole}; the parts do not add up to the whole.",
        )


def _bounds(engine: Engine, stopped: Table, period: Period, now_us: int) -> tuple[int, int] | None:
    if period.since_us is not None and period.until_us is not None:
        return period.since_us, period.until_us
    ends = stopped.aggregate(low=stopped.stop_us.min(), high=stopped.stop_us.max())
    found = engine.rows(ends)
    low, high = found[0]["low"], found[0]["high"]
    if low is None:
        return None
    until = max(high + 1, now_us) if period.until_us is None else period.until_us
    return (low if period.since_us is None else period.since_us), until


def _value(
    of: Definition,
    question: Question,
    group: collect.Group,
    part: Parts,
    measure: Measure,
    now: int | None,
) -> KpiValue:
    is_median = of.statistic.kind is Kind.MEDIAN
    interval = measure.interval
    if is_median and measure.n < of.minimum_n:
        interval = None
    withheld = ""
    if of.minimum_persons and part.persons < of.minimum_persons and part.counted:
        withheld = f"fewer than {of.minimum_persons} persons"
    told = part.counted + part.missing
    return KpiValue(
        definition=of,
        value=None if withheld else measure.value,
        n=measure.n,
        coverage=part.counted / told if told else None,
        interval=None if withheld else interval,
        p90=None if withheld else measure.p90,
        counted=part.counted,
        open=None if now is None else part.open,
        excluded=tuple(part.excluded.most_common()),
        undated=part.undated,
        numerator=None if of.statistic.kind in _NO_SUMS or withheld else part.y,
        denominator=None if of.statistic.kind in _NO_SUMS or withheld else part.x,
        survival=measure.survival,
        group=dict(zip(question.by, group, strict=True)),
        period=question.period,
        as_of_us=now or (question.period.until_us or 0),
        withheld=withheld,
    )
