"""What leaders look at: six figures with their trends, and where the time of releases goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.detection.control import ControlChart, control_chart
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.criticalpath import OWNERS
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate, held, subject_table, trend
from daytwo.insight.kpis.flow import BatchFlow, Lost, flows, lost
from daytwo.insight.kpis.subjects import DAY_US, OPEN

if TYPE_CHECKING:
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.value import KpiValue

CORE = ("K1", "K7a", "K9", "K10", "K25", "K26")
"""The figures marked core: release, right first time, deviations, their resolution, productivity,
change of master records."""
AGED = ("K1", "K10")
"""Figures whose open subjects are shown with their age."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a board; its `repr` tells one question from another.

    Attributes:
        period: The period.
        before: The period that it is set against; None for nothing.
        where: (dimension, value) of what it is narrowed to.
        span: By what trends go, one of `calendar.SPANS`.
    """

    period: Period
    before: Period | None
    where: tuple[tuple[str, str], ...] = ()
    span: str = "week"


@dataclass(frozen=True, slots=True)
class Figure:
    """One KPI with what it is set against.

    Attributes:
        found: The figure of the period.
        before: That of the period before; None without one.
        chart: Its trend over the period.
        span: By what the trend goes.
        unheard: By what it was to be narrowed and cannot be: its subjects lack that dimension.
    """

    found: KpiValue
    before: KpiValue | None
    chart: ControlChart
    span: str
    unheard: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of release: mean days of a batch that was decided in the period."""

    cause: str
    days: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something open: what it is, since when, how old in days."""

    kpi_id: str
    subject: str
    kind: str
    since_us: int
    days: float


@dataclass(frozen=True, slots=True)
class Board:
    """The leadership page's numbers.

    Attributes:
        figures: In the order of `CORE`.
        lost: Days lost to each cause in the period, the most first.
        legs: Of what parts the mean release is made, in the order of the way.
        decided: How many batches were decided in the period.
        flows: Every batch that was on its way in the period.
        waiting: What is open, the oldest first.
    """

    figures: tuple[Figure, ...]
    lost: tuple[Lost, ...]
    legs: tuple[Leg, ...]
    decided: int
    flows: tuple[BatchFlow, ...]
    waiting: tuple[Waiting, ...]


def board(facts: Facts, asked: Asked) -> Board:
    """Return the numbers of the leadership page."""
    found = flows(facts, Question(asked.period, dict(asked.where)))
    legs, decided = mean_legs(found, asked.period)
    return Board(
        figures=tuple(figure(facts, definition(kpi_id), asked) for kpi_id in CORE),
        lost=tuple(lost(found, asked.period, facts.now_us)),
        legs=legs,
        decided=decided,
        flows=tuple(found),
        waiting=waiting(facts, asked),
    )


def figure(facts: Facts, of: Definition, asked: Asked) -> Figure:
    """Return a KPI of a period, of the one before, and its trend on a control chart."""
    where = {name: value for name, value in asked.where if name in of.dimensions}
    span = of.span(asked.span)
    question = Question(asked.period, where)
    before = None if asked.before is None else Question(asked.before, where)
    with held(of, facts, before or question) as known:
        return Figure(
            found=evaluate(of, known, question),
            before=None if before is None else evaluate(of, known, before),
            chart=control_chart(trend(of, known, question, span)),
            span=span,
            unheard=tuple(name for name, _ in asked.where if name not in of.dimensions),
        )


def mean_legs(found: list[BatchFlow], period: Period) -> tuple[tuple[Leg, ...], int]:
    """Return the mean days of each leg over batches decided in a period, and how many they are.

    The legs add up to the mean of the whole.
    """
    decided = [flow for flow in found if _within(flow.decided_us, period)]
    if not decided:
        return (), 0
    hours = dict.fromkeys(OWNERS, 0.0)
    for flow in decided:
        for cause, of in flow.legs.items():
            hours[cause] += of
    days = {cause: of / 24 / len(decided) for cause, of in hours.items()}
    return tuple(Leg(cause, of) for cause, of in days.items() if of > 0), len(decided)


def waiting(facts: Facts, asked: Asked, kpi_ids: tuple[str, ...] = AGED) -> tuple[Waiting, ...]:
    """Return what is open now of some figures, the oldest first; by default batches, deviations."""
    found = []
    for kpi_id in kpi_ids:
        of = definition(kpi_id)
        where = {name: value for name, value in asked.where if name in of.dimensions}
        table = subject_table(of, facts, Question(Period(), where))
        still = table.filter((table.state == OPEN) & table.start_us.notnull())
        for row in facts.engine.rows(still.select("subject", "kind", "start_us")):
            since = row["start_us"]
            days = (facts.now_us - since) / DAY_US
            found.append(Waiting(kpi_id, row["subject"], row["kind"], since, days))
    return tuple(sorted(found, key=lambda one: (-one.days, one.subject)))


def _within(at: int | None, period: Period) -> bool:
    if at is None or (period.since_us is not None and at < period.since_us):
        return False
    return period.until_us is None or at < period.until_us
