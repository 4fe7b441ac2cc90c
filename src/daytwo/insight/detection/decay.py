"""What becomes of a site after go-live: workarounds and their kin, by month since then."""

from __future__ import annotations

import math
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from daytwo.insight.detection.control import ControlChart, control_chart
from daytwo.insight.detection.worsening import ALPHA, slope, together
from daytwo.insight.kpis.calendar import at, index, start_of
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.compare import Comparison, against_value, direction
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import along, evaluate
from daytwo.insight.kpis.subjects import certain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from daytwo.insight.detection.change_points import Change
    from daytwo.insight.detection.worsening import Slope
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.value import KpiValue

MEASURES = ("K30", "K29", "K32", "K31", "K33", "K34answer")
"""Workarounds, capture, late entries, paper, signatures, answers to feedback."""
WAYS = ("instead", "override", "na", "late", "paper")
"""The ways around, as the step fact names them; a step may have taken several."""
QUARTER = 3
"""Months of the first and of the last level."""
Deployed = tuple[tuple[str, int, int], ...]
"""(site, number of the event, microseconds UTC) of versions of a system that went live."""


@dataclass(frozen=True, slots=True)
class GoLive:
    """From when a site's months are counted.

    Attributes:
        site: The site; empty for the only one that says none.
        at_us: When, microseconds UTC.
        seq: Event that says so; None where the record has no go-live and the first batch stands.
        batch_id: The first batch with steps on record.
    """

    site: str
    at_us: int
    seq: int | None
    batch_id: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One KPI since go-live.

    Attributes:
        of: The KPI.
        months: Its figure in each whole month; empty where nothing counts in any.
        chart: The same with limits and changes of level.
        first: Of the first quarter; None with less than two quarters.
        last: Of the last one.
        comparison: Last against first, at 95 % by itself: shown, no part of the verdict.
        change: The first change of level for the worse; None where none is found.
        slope: The trend of all months; None where there can be none.
        q: Its p with regard to the other measures.
    """

    of: Definition
    months: tuple[KpiValue, ...]
    chart: ControlChart
    first: KpiValue | None
    last: KpiValue | None
    comparison: Comparison | None
    change: Change | None
    slope: Slope | None
    q: float | None = None

    @property
    def decays(self) -> bool:
        """Whether the months grow worse beyond noise, all measures taken together."""
        return self.q is not None and self.q <= ALPHA

    @property
    def times(self) -> float | None:
        """The last level as a multiple of the first; None where it is none."""
        if self.first is None or self.last is None or not self.first.value:
            return None
        return None if self.last.value is None else self.last.value / self.first.value


@dataclass(frozen=True, slots=True)
class Month:
    """Steps done in one month since go-live, and the ways around that they took."""

    number: int
    period: Period
    steps: int
    workarounds: int
    ways: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Decay:
    """What became of a site after go-live.

    Attributes:
        live: From when the months are counted; None when no batch has steps on record.
        measures: In the order of `MEASURES`.
        months: Whole months; the one under way is left out.
    """

    live: GoLive | None
    measures: tuple[Measure, ...]
    months: tuple[Month, ...]

    @property
    def decaying(self) -> tuple[Measure, ...]:
        """What decays, the most first."""
        worse = [m for m in self.measures if m.decays]
        return tuple(sorted(worse, key=lambda m: -abs(math.log(m.times or 1.0))))


@dataclass(frozen=True, slots=True)
class Around:
    """One step that went another way than the system offers."""

    batch_id: str
    step_id: str
    title: str
    ways: tuple[str, ...]
    late_min: float | None
    at_us: int
    seq_first: int
    seq_last: int


def decay(facts: Facts, where: Sequence[tuple[str, str]], deployed: Deployed = ()) -> Decay:
    """Return the measures of decay by month since go-live.

    Args:
        facts: The facts.
        where: (dimension, value) of what it is narrowed to. Without a site it is the one with the
            most batches: months since go-live are a site's own.
        deployed: Versions of systems that went live.
    """
    asked = dict(where)
    live = go_live(facts, asked.get("site"), deployed)
    if live is None:
        return Decay(None, (), ())
    asked["site"] = live.site
    starts = months_since(live.at_us, facts.now_us, facts.zone)
    if len(starts) == 1:
        return Decay(live, (), ())
    measures = [_measure(facts, kpi_id, asked, starts) for kpi_id in MEASURES]
    qs = together([m.slope.p if m.slope else None for m in measures])
    judged = (replace(m, q=q) for m, q in zip(measures, qs, strict=True))
    return Decay(live, tuple(judged), tuple(_months(facts, asked, starts)))


def go_live(facts: Facts, site: str | None, deployed: Deployed = ()) -> GoLive | None:
    """Return from when a site's months are counted: never invented, the record says it or not.

    A version that went live before the first batch with steps is the go-live; a later one is a
    change of a system that was in use. Without one it is the start of that batch.
    """
    b = facts.table("batch")
    begun = b.started_us.coalesce(b.ended_us)
    b = b.filter((b.steps > 0) & begun.notnull())
    if site is not None:
        b = b.filter(b.site == site)
    counts = b.group_by("site").aggregate(n=b.count())
    found = facts.engine.rows(counts.order_by([counts.n.desc(), counts.site]).limit(1))
    if not found:
        return None
    site = found[0]["site"]
    of = b.filter(b.site == site)
    at_us = of.started_us.coalesce(of.ended_us)
    rows = of.select("batch_id", at_us=at_us).order_by(["at_us", "batch_id"]).limit(1)
    first = facts.engine.rows(rows)[0]
    said = [(us, seq) for name, seq, us in deployed if name == site and us <= first["at_us"]]
    us, seq = min(said) if said else (first["at_us"], None)
    return GoLive(site, us, seq, first["batch_id"])


def months_since(since_us: int, until_us: int, zone: str) -> list[int]:
    """Return the first instant of each whole month since a day, and that of the one under way."""
    day = at(since_us, zone).date()
    starts: list[int] = []
    while True:
        year, month = divmod(day.month - 1 + len(starts), 12)
        year, month = day.year + year, month + 1
        start = start_of(date(year, month, min(day.day, monthrange(year, month)[1])), zone)
        if start > until_us:
            return starts
        starts.append(start)


def around(facts: Facts, where: Mapping[str, str], period: Period, limit: int) -> list[Around]:
    """Return the steps of a period that went another way, the latest first."""
    s = _steps(facts, where)
    s = s.filter(s.workaround & (s.completed_us >= period.since_us))
    s = s.filter(s.completed_us < period.until_us)
    s = s.order_by([s.completed_us.desc(), s.batch_id, s.step_id]).limit(limit)
    named = ("batch_id", "step_id", "title", "late_min", "completed_us", "seq_first", "seq_last")
    rows = facts.engine.rows(s.select(*named, *WAYS))
    return [
        Around(
            row["batch_id"],
            row["step_id"],
            row["title"] or "",
            tuple(way for way in WAYS if row[way]),
            row["late_min"],
            row["completed_us"],
            row["seq_first"],
            row["seq_last"],
        )
        for row in rows
    ]


def _measure(facts: Facts, kpi_id: str, where: Mapping[str, str], starts: list[int]) -> Measure:
    of = definition(kpi_id)
    heard = {name: value for name, value in where.items() if name in of.dimensions}
    spans = _spans(starts)
    months = along(of, facts, Question(where=heard), spans, starts[-1])
    chart = control_chart(months)
    first = last = comparison = None
    if len(spans) >= 2 * QUARTER:
        ends = ((starts[0], starts[QUARTER]), (starts[-1 - QUARTER], starts[-1]))
        first, last = (evaluate(of, facts, Question(Period(*pair), heard)) for pair in ends)
        comparison = against_value(last, first)
    side = direction(of)
    change = next((c for c in chart.changes if (c.after - c.before) * side < 0), None)
    trend = slope(by_line(of, facts, heard, starts))
    return Measure(of, tuple(months), chart, first, last, comparison, change, trend)


def by_line(
    of: Definition, facts: Facts, where: Mapping[str, str], starts: Sequence[int]
) -> list[list[KpiValue]]:
    """Return the whole months of each line; of all together where the KPI knows no lines.

    Args:
        of: The KPI.
        facts: The facts.
        where: What it is narrowed to, of its own dimensions.
        starts: As of `months_since`.
    """
    by = ("line",) if "line" in of.dimensions else ()
    found = along(of, facts, Question(where=where, by=by), _spans(starts), starts[-1])
    return [list(months) for _, months in groupby(found, lambda v: v.group.get("line"))]


def _spans(starts: Sequence[int]) -> list[tuple[str, int]]:
    return [(str(n), start) for n, start in enumerate(starts[:-1], start=1)]


def _months(facts: Facts, where: Mapping[str, str], starts: list[int]) -> list[Month]:
    s = _steps(facts, where)
    s = s.filter((s.completed_us >= starts[0]) & (s.completed_us < starts[-1]))
    s = s.mutate(month=index(s.completed_us, starts[:-1]))
    sums = {name: certain(s[name]).sum() for name in (*WAYS, "workaround")}
    rows = facts.engine.rows(s.group_by("month").aggregate(steps=s.count(), **sums))
    by = {row["month"]: row for row in rows}
    return [
        Month(
            n + 1,
            Period(start, starts[n + 1]),
            by.get(n, {}).get("steps") or 0,
            by.get(n, {}).get("workaround") or 0,
            {way: by.get(n, {}).get(way) or 0 for way in WAYS},
        )
        for n, start in enumerate(starts[:-1])
    ]


def _steps(facts: Facts, where: Mapping[str, str]) -> Any:
    s = facts.table("step")
    for name, value in where.items():
        s = s.filter(s[name] == value)
    return s.filter(s.completed_us.notnull())
