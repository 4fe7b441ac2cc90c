"""Readings of deviations: what they share, which came back, how long they take, what is open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definitions.k12 import WINDOW_DAYS
from daytwo.insight.kpis.intervals import wilson
from daytwo.insight.kpis.shifts import with_shift
from daytwo.insight.kpis.subjects import DAY_US
from daytwo.insight.kpis.survival import Survival, kaplan_meier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from daytwo.insight.kpis.cohort import Period
    from daytwo.insight.kpis.subjects import Facts

ATTRIBUTES = (
    "category",
    "root_cause",
    "area",
    "process",
    "equipment_id",
    "product_code",
    "line",
    "severity",
    "shift",
)
"""By what deviations can be ranked."""

AGES = (7, 30, 60, 90)
"""Upper bounds of the classes of age, days, each included."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One deviation as its row of the fact says; None is unknown."""

    deviation_id: str
    batch_id: str | None
    title: str | None
    product_code: str | None
    line: str | None
    area: str | None
    process: str | None
    equipment_id: str | None
    severity: str | None
    category: str | None
    root_cause: str | None
    owner: str | None
    occurred_us: int | None
    detected_us: int | None
    recorded_us: int | None
    closed_us: int | None
    last_closed_us: int | None
    due_on: str | None
    open: bool
    site: str
    shift: str | None

    @property
    def opened_us(self) -> int | None:
        """When it was put on record, else detected: the time by which K9 counts it."""
        return self.detected_us if self.recorded_us is None else self.recorded_us

    @property
    def ended_us(self) -> int | None:
        """When it was closed for good; None while it is open, or open again."""
        if self.open:
            return None
        return self.closed_us if self.last_closed_us is None else self.last_closed_us


@dataclass(frozen=True, slots=True)
class Ranked:
    """One value of an attribute.

    Attributes:
        value: As recorded; None where it is unknown.
        n: Deviations put on record in the period.
        share: Of all of the period, per cent.
        cumulative: Share of this one and all before it, per cent.
        open: How many of them are open.
        before: Deviations of the same value in the period before; None without one.
        deviations: The newest first.
    """

    value: str | None
    n: int
    share: float
    cumulative: float
    open: int
    before: int | None
    deviations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A deviation and the last one before it of the same root cause at the same place."""

    deviation_id: str
    earlier_id: str
    cause: str
    place: str
    days: float
    closed_us: int


@dataclass(frozen=True, slots=True)
class Ageing:
    """An open deviation; `days` since its detection, `late` when its due day has passed."""

    deviation: Deviation
    days: float | None
    late: bool | None


def deviations(facts: Facts, where: Mapping[str, str]) -> tuple[Deviation, ...]:
    """Return every deviation, in the order in which they were put on record.

    Args:
        facts: The facts.
        where: Only these values of columns, such as `{"line": "L1"}`.
    """
    table = facts.table("deviation")
    for name, value in where.items():
        table = table.filter(table[name] == value)
    table = table.mutate(happened_us=table.occurred_us.coalesce(table.detected_us))
    told = with_shift(table, facts.zone, facts.shifts)
    asked = told.select(*(field.name for field in fields(Deviation)))
    order = asked.recorded_us.coalesce(asked.detected_us, 0)
    rows = facts.engine.rows(asked.order_by(order, asked.deviation_id))
    return tuple(Deviation(**row) for row in rows)


def put_on_record(every: Iterable[Deviation], period: Period) -> list[Deviation]:
    """Return the deviations that were put on record in a period."""
    return [d for d in every if _within(d.opened_us, period)]


def ranked(
    every: Sequence[Deviation], attribute: str, period: Period, before: Period | None = None
) -> list[Ranked]:
    """Return the values of an attribute, the most frequent first, with the share of all so far.

    Args:
        every: Deviations of `deviations`.
        attribute: One of `ATTRIBUTES`.
        period: Those put on record in it are counted.
        before: The period that it is set against.

    References:
        Juran & De Feo, Juran's Quality Handbook, 7th ed. (Pareto analysis).
    """
    found: defaultdict[str | None, list[Deviation]] = defaultdict(list)
    for deviation in put_on_record(every, period):
        found[_spelled(getattr(deviation, attribute))].append(deviation)
    earlier: defaultdict[str | None, int] = defaultdict(int)
    for deviation in put_on_record(every, before) if before else ():
        earlier[_spelled(getattr(deviation, attribute))] += 1
    total, so_far, made = sum(map(len, found.values())), 0, []
    for value, some in sorted(found.items(), key=lambda item: (-len(item[1]), item[0] or "~")):
        so_far += len(some)
        made.append(
            Ranked(
                value=value,
                n=len(some),
                share=100 * len(some) / total,
                cumulative=100 * so_far / total,
                open=sum(d.ended_us is None for d in some),
                before=earlier[value] if before else None,
                deviations=tuple(d.deviation_id for d in reversed(some)),
            )
        )
    return made


@dataclass(frozen=True, slots=True)
class Unassigned:
    """Deviations closed without a cause that says something: none recorded, or filed as none.

    Attributes:
        n: How many.
        closed: Of so many closed in the period.
        interval: 95 % interval of the share, per cent; None without any closed.
    """

    n: int
    closed: int
    interval: tuple[float, float] | None


def unassigned(every: Iterable[Deviation], period: Period) -> Unassigned:
    """Return how many of the deviations first closed in a period have no cause.

    References:
        21 CFR 211.192 (conclusions); Wilson (1927) for the interval.
    """
    closed = [d for d in every if d.closed_us is not None and _within(d.closed_us, period)]
    bare = [d for d in closed if not _spelled(d.root_cause) or _spelled(d.category) == "none"]
    found = wilson(len(bare), len(closed))
    interval = None if found is None else (100 * found[0], 100 * found[1])
    return Unassigned(len(bare), len(closed), interval)


def repeat_pairs(every: Sequence[Deviation], period: Period) -> list[Pair]:
    """Return the repeats that K12 counts, each with the last one that it repeats.

    Args:
        every: Deviations of `deviations`.
        period: Those first closed in it are looked at.

    Returns:
        The latest closure first.

    References:
        Definition K12: same root cause, same place, within 365 days before.
    """
    groups: defaultdict[tuple[str, str, str], list[tuple[int, str, Deviation]]] = defaultdict(list)
    for d in every:
        cause, at = _spelled(d.root_cause), _first(d.occurred_us, d.detected_us, d.recorded_us)
        if cause and at is not None:
            groups[d.site, cause.lower(), _place(d).lower()].append((at, d.deviation_id, d))
    pairs = []
    for group in groups.values():
        group.sort(key=lambda member: member[:2])
        for (at, earlier, _), (then, _, d) in pairwise(group):
            near = then - at <= WINDOW_DAYS * DAY_US
            if near and d.closed_us is not None and _within(d.closed_us, period):
                days, cause = (then - at) / DAY_US, d.root_cause or ""
                pairs.append(Pair(d.deviation_id, earlier, cause, _place(d), days, d.closed_us))
    return sorted(pairs, key=lambda pair: (-pair.closed_us, pair.deviation_id))


def resolution(every: Sequence[Deviation], period: Period, now_us: int) -> tuple[Survival, int]:
    """Return how long deviations of a period stay open, and how many of them still are.

    Args:
        every: Deviations of `deviations`.
        period: Those detected in it are followed to now, however long they take.
        now_us: The present: what is open then is censored, not dropped.

    References:
        Kaplan & Meier (1958); see `survival.kaplan_meier`.
    """
    durations, ended = [], []
    for d in every:
        if d.detected_us is None or not _within(d.detected_us, period):
            continue
        stop = now_us if d.ended_us is None else d.ended_us
        if stop >= d.detected_us:
            durations.append((stop - d.detected_us) / DAY_US)
            ended.append(d.ended_us is not None)
    return kaplan_meier(durations, ended), ended.count(False)


def ageing(every: Sequence[Deviation], now_us: int, today: str) -> list[Ageing]:
    """Return what is open, the oldest first; what has no detection on record comes last.

    Args:
        every: Deviations of `deviations`.
        now_us: The present, microseconds UTC.
        today: The site's day, `YYYY-MM-DD`.
    """
    found = [
        Ageing(
            deviation=d,
            days=None if d.detected_us is None else (now_us - d.detected_us) / DAY_US,
            late=None if not d.due_on else d.due_on < today,
        )
        for d in every
        if d.ended_us is None
    ]
    return sorted(found, key=lambda a: (a.days is None, -(a.days or 0), a.deviation.deviation_id))


def ages(open_ones: Iterable[Ageing]) -> list[tuple[int | None, int]]:
    """Return how many are how old: (upper bound in days, n); None is older than all bounds."""
    counts = dict.fromkeys((*AGES, None), 0)
    for one in open_ones:
        if one.days is not None:
            days = one.days
            counts[next((bound for bound in AGES if days <= bound), None)] += 1
    return list(counts.items())


def _within(at: int | None, period: Period) -> bool:
    if at is None:
        return period.since_us is None and period.until_us is None
    after = period.since_us is None or at >= period.since_us
    return after and (period.until_us is None or at < period.until_us)


def _spelled(text: str | None) -> str | None:
    return (text or "").strip() or None


def _place(d: Deviation) -> str:
    return _spelled(d.area) or _spelled(d.process) or ""


def _first(*times: int | None) -> int | None:
    return next((at for at in times if at is not None), None)
