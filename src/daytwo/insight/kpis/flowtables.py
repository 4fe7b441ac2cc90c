"""Readings of the release flow: where the days went by span, the slowest, what is under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.kpis import calendar
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.flow import BatchFlow, Lost, flows, lost

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from daytwo.insight.kpis.subjects import Facts


@dataclass(frozen=True, slots=True)
class Spent:
    """Days lost in one span: its name, and days by cause, all batches together."""

    span: str
    days: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Underway:
    """A batch that has ended and is not decided.

    Attributes:
        flow: Its flow.
        days: Since its end of manufacture.
        cause: What it waits for now; empty when it ended this instant.
        owner: Whom it waits for.
        detail: For what exactly.
    """

    flow: BatchFlow
    days: float
    cause: str
    owner: str
    detail: str


@dataclass(frozen=True, slots=True)
class FlowTables:
    """The release flow of a period.

    Attributes:
        lost: Days by cause, the most first.
        before: The same of the period before, by cause; empty without one.
        spent: Days by cause for each span.
        decided: Batches decided in the period, the slowest first.
        underway: Batches not decided, the oldest first.
    """

    lost: tuple[Lost, ...]
    before: dict[str, Lost]
    spent: tuple[Spent, ...]
    decided: tuple[BatchFlow, ...]
    underway: tuple[Underway, ...]

    @property
    def days(self) -> float:
        """All days lost in the period."""
        return sum(one.days for one in self.lost)


def flow_tables(facts: Facts, question: Question, before: Question | None, span: str) -> FlowTables:
    """Return the release flow of a period.

    Args:
        facts: The facts.
        question: Period and filters.
        before: The same of the period that it is set against.
        span: `week` or `month`.
    """
    found = flows(facts, question)
    earlier = lost(flows(facts, before), before.period, facts.now_us) if before else []
    return FlowTables(
        lost=tuple(lost(found, question.period, facts.now_us)),
        before={one.cause: one for one in earlier},
        spent=tuple(spent(found, question.period, span, facts.now_us, facts.zone)),
        decided=tuple(slowest(found, question.period)),
        underway=tuple(underway(found)),
    )


def spent(
    found: Sequence[BatchFlow], period: Period, span: str, now_us: int, zone: str
) -> list[Spent]:
    """Return the days lost to each cause in each span of a period, in order of time.

    Args:
        found: Of `flow.flows`.
        period: Unbounded from the first end of manufacture to now.
        span: `week` or `month`, of the zone.
        now_us: The present.
        zone: IANA zone of the site.
    """
    if not found:
        return []
    since = min(f.ended_us for f in found) if period.since_us is None else period.since_us
    until = now_us if period.until_us is None else min(period.until_us, now_us)
    edges = calendar.edges(since, until, span, zone)
    made = []
    for at, (name, start) in enumerate(edges):
        end = edges[at + 1][1] if at + 1 < len(edges) else until
        of = lost(found, Period(max(start, since), end), now_us)
        made.append(Spent(name, tuple((one.cause, one.days) for one in of)))
    return made


def slowest(found: Iterable[BatchFlow], period: Period) -> list[BatchFlow]:
    """Return the batches decided in a period, the one that took longest first."""
    decided = [
        f
        for f in found
        if f.decided_us is not None
        and (period.since_us is None or f.decided_us >= period.since_us)
        and (period.until_us is None or f.decided_us < period.until_us)
    ]
    return sorted(decided, key=lambda f: (-f.hours, f.batch_id))


def underway(found: Iterable[BatchFlow]) -> list[Underway]:
    """Return the batches that are not decided, the oldest first, with what they wait for now."""
    made = []
    for f in found:
        if f.decided_us is None:
            last = f.waits[-1] if f.waits else None
            now = (last.cause, last.owner, last.detail) if last else ("", "", "")
            made.append(Underway(f, f.hours / 24, *now))
    return sorted(made, key=lambda u: (-u.days, u.flow.batch_id))


@dataclass(frozen=True, slots=True)
class Passed:
    """One event on a batch's way: its number in the ledger, what and when; None is unknown."""

    seq: int | None
    what: str
    subject: str
    at_us: int


_OF_DEVIATION = ("detected", "recorded", "assigned", "cause", "closed")


def one_flow(facts: Facts, batch_id: str) -> BatchFlow | None:
    """Return the flow of one batch; None while its manufacture has not ended."""
    b = facts.table("batch")
    rows = facts.engine.rows(b.filter(b.batch_id == batch_id).select("ended_us"))
    ended = rows[0]["ended_us"] if rows else None
    if ended is None:
        return None
    # Batches on their way in the instant at which it ended: few, and it is among them.
    there = flows(facts, Question(Period(ended, ended + 1)))
    return next((f for f in there if f.batch_id == batch_id), None)


def way(facts: Facts, batch_id: str) -> list[Passed]:
    """Return the events of a batch's way to its release, its deviations' among them, in order."""
    m, d, b = (facts.table(name) for name in ("milestone", "deviation", "batch"))
    found = [
        Passed(row["seq"], row["kind"], row["function"] or "", row["at_us"])
        for row in facts.engine.rows(m.filter(m.batch_id == batch_id))
        if row["at_us"] is not None
    ]
    for row in facts.engine.rows(d.filter(d.batch_id == batch_id)):
        found += [
            Passed(row[f"{name}_seq"], f"deviation_{name}", row["deviation_id"], row[f"{name}_us"])
            for name in _OF_DEVIATION
            if row[f"{name}_us"] is not None
        ]
    for row in facts.engine.rows(b.filter(b.batch_id == batch_id)):
        if row["lab_final_us"] is not None:
            found.append(Passed(row["lab_final_seq"], "lab_final", "", row["lab_final_us"]))
    return sorted(found, key=lambda p: (p.at_us, p.seq or 0))
