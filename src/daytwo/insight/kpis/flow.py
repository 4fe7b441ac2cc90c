"""Release flow: the legs of each batch, and the days that the plant lost to each cause."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.criticalpath import (
    OWNERS,
    Course,
    Matter,
    Milestone,
    Wait,
    critical_path,
)
from daytwo.insight.kpis.expressions import made_once
from daytwo.insight.kpis.subjects import DAY_US, certain
from daytwo.kernel.errors import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ibis.expr.operations import Relation
    from ibis.expr.types import Table

    from daytwo.insight.kpis.cohort import Period, Question
    from daytwo.insight.kpis.subjects import Facts

DIMENSIONS = ("site", "product_code", "line")
DAYS_PER_YEAR = 365.0
_OF_BATCH = (
    "site",
    "batch_id",
    "product_code",
    "line",
    "ended_us",
    "decided_us",
    "decision",
    "lab_taken_us",
    "lab_final_us",
    "lab_open",
)
_STAGES = (
    ("recorded_us", "not recorded yet"),
    ("triaged_us", "triage"),
    ("assigned_us", "queue for an investigator"),
    ("cause_us", "investigation"),
    ("closed_us", "closing"),
)


@dataclass(frozen=True, slots=True)
class BatchFlow:
    """One batch on its way from the end of manufacture to its disposition.

    Attributes:
        batch_id: The batch.
        site: Where.
        product_code: Of the product.
        line: Where it was made.
        ended_us: End of manufacture.
        decided_us: Disposition; None while undecided.
        decision: `released` or `rejected`; empty while undecided.
        waits: Its critical path.
    """

    batch_id: str
    site: str
    product_code: str
    line: str
    ended_us: int
    decided_us: int | None
    decision: str
    waits: tuple[Wait, ...]

    @property
    def legs(self) -> dict[str, float]:
        """Hours of each cause on the path; together they are the whole of it."""
        return _summed(self.waits)

    @property
    def hours(self) -> float:
        """Length of the path."""
        return sum(wait.hours for wait in self.waits)


@dataclass(frozen=True, slots=True)
class Lost:
    """Days that batches waited for one cause within a period.

    Attributes:
        cause: A key of `criticalpath.OWNERS`.
        owner: The function that they waited for.
        days: Summed over batches.
        days_per_year: The same for a year, at this pace.
        share: Of all days lost.
        batches: How many waited for it at all.
        owners: Days by owner: a returned record waits for production within quality's leg.
    """

    cause: str
    owner: str
    days: float
    days_per_year: float
    share: float
    batches: int
    owners: Mapping[str, float]


def flows(facts: Facts, question: Question) -> list[BatchFlow]:
    """Return the flow of every batch that was on its way in the period.

    Args:
        facts: The facts.
        question: Period and filters by site, product or line; `by` is not asked.

    Returns:
        In the order of their end of manufacture; what is undecided goes on until now.

    Raises:
        Refused: Another dimension is filtered by.
    """
    batches = _on_their_way(facts, question)
    rows = facts.engine.rows(batches.select(*_OF_BATCH).order_by("ended_us", "batch_id"))
    milestones = _grouped(facts, batches, "milestone", ("kind", "function", "at_us", "seq"))
    deviations = _grouped(
        facts,
        batches,
        "deviation",
        (
            "deviation_id",
            "detected_us",
            "occurred_us",
            "last_closed_us",
            "open",
            *(name for name, _ in _STAGES),
        ),
    )
    samples = _grouped(
        facts, batches, "sample", ("stage", "taken_us", "final_us", "results", "final")
    )
    return [
        _flow(
            row,
            milestones[row["site"], row["batch_id"]],
            deviations[row["site"], row["batch_id"]],
            samples[row["site"], row["batch_id"]],
            facts.now_us,
        )
        for row in rows
    ]


def lost(found: Sequence[BatchFlow], period: Period, now_us: int) -> list[Lost]:
    """Return the days lost to each cause within a period, the most first.

    Args:
        found: Of `flows`.
        period: Only what of the waits lies in it; unbounded from the first end to the last.
        now_us: The present.

    Returns:
        One row a cause; the rank of what to work on first.
    """
    clipped = [(flow, _clip(flow.waits, period)) for flow in found]
    days: defaultdict[str, float] = defaultdict(float)
    owners: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    batches: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for flow, waits in clipped:
        for wait in waits:
            days[wait.cause] += wait.hours / 24
            owners[wait.cause][wait.owner] += wait.hours / 24
            batches[wait.cause].add((flow.site, flow.batch_id))
    whole = sum(days.values())
    years = _years([wait for _, waits in clipped for wait in waits], period, now_us)
    made = [
        Lost(
            cause=cause,
            owner=OWNERS[cause],
            days=of,
            days_per_year=of / years,
            share=of / whole,
            batches=len(batches[cause]),
            owners=dict(owners[cause]),
        )
        for cause, of in days.items()
    ]
    return sorted(made, key=lambda one: (-one.days, one.cause))


def _on_their_way(facts: Facts, question: Question) -> Table:
    for name in question.where:
        if name not in DIMENSIONS:
            there = ", ".join(DIMENSIONS)
            raise Refused("kpi.dimension", f"The flow can be filtered by {there}, not by {name}.")
    return _waited(facts.table("batch"), question.period, tuple(question.where.items()))


@made_once
def _waited(b: Table, period: Period, where: tuple[tuple[str, str], ...]) -> Table:
    b = b.filter(b.ended_us.notnull())
    for name, value in where:
        b = b.filter(b[name] == value)
    if period.since_us is not None:
        b = b.filter(b.decided_us.isnull() | (b.decided_us >= period.since_us))
    if period.until_us is not None:
        b = b.filter(certain(b.ended_us < period.until_us))
    return b


def _grouped(
    facts: Facts, batches: Table, name: str, columns: tuple[str, ...]
) -> defaultdict[tuple[str, str], list[dict[str, Any]]]:
    """Return the rows of a fact that belong to some batches, by batch, in the order of events."""
    wanted = _belonging(facts.table(name), batches.op(), columns)
    found: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in facts.engine.rows(wanted):
        found[row["site"], row["batch_id"]].append(row)
    return found


@made_once
def _belonging(table: Table, of: Relation, columns: tuple[str, ...]) -> Table:
    batches = of.to_expr()
    same = [table.site == batches.site, table.batch_id == batches.batch_id]
    mine = table.semi_join(batches, same).select("site", "batch_id", "seq_first", *columns)
    return mine.order_by("seq_first")


def _flow(
    row: Mapping[str, Any],
    milestones: Iterable[Mapping[str, Any]],
    deviations: Iterable[Mapping[str, Any]],
    samples: Iterable[Mapping[str, Any]],
    now_us: int,
) -> BatchFlow:
    happened = [Milestone(m["kind"], m["function"] or "", m["at_us"], m["seq"]) for m in milestones]
    matters = [_deviation(d) for d in deviations]
    matters += [_in_process(row, s) for s in samples if s["stage"] == "in_process"]
    if row["lab_taken_us"] is not None or row["lab_final_us"] is not None:
        since = row["ended_us"] if row["lab_taken_us"] is None else row["lab_taken_us"]
        matters.append(
            Matter("laboratory", "", since, row["lab_final_us"], (("results not final", since),))
        )
    course = Course(
        ended_us=row["ended_us"],
        decided_us=row["decided_us"],
        milestones=tuple(sorted(happened, key=lambda m: (m.at_us, m.seq))),
        matters=tuple(matters),
    )
    waits = critical_path(course, now_us)
    _check(row, waits, now_us)
    return BatchFlow(
        batch_id=row["batch_id"],
        site=row["site"],
        product_code=row["product_code"] or "",
        line=row["line"] or "",
        ended_us=row["ended_us"],
        decided_us=row["decided_us"],
        decision=row["decision"] or "",
        waits=waits,
    )


def _in_process(row: Mapping[str, Any], sample: Mapping[str, Any]) -> Matter:
    """Return the wait for a sample of the making: a release needs its results too."""
    since = row["ended_us"] if sample["taken_us"] is None else sample["taken_us"]
    done = sample["final"] > 0 and sample["final"] >= sample["results"]
    stages = (("in-process results not final", since),)
    return Matter("laboratory", "", since, sample["final_us"] if done else None, stages)


def _deviation(row: Mapping[str, Any]) -> Matter:
    known = [row[c] for c in ("detected_us", "recorded_us", "occurred_us") if row[c] is not None]
    closed = None if row["open"] else row["last_closed_us"] or row["closed_us"]
    stages = tuple((what, row[column]) for column, what in _STAGES if row[column] is not None)
    return Matter("deviation", row["deviation_id"], known[0] if known else 0, closed, stages)


def _check(row: Mapping[str, Any], waits: Sequence[Wait], now_us: int) -> None:
    """Hold that the path covers the whole way, each instant once."""
    end = now_us if row["decided_us"] is None else row["decided_us"]
    at = row["ended_us"]
    for wait in waits:
        if wait.since_us != at or wait.until_us <= at:
            raise Fault("flow.gap", f"The path of {row['batch_id']} has a gap.")
        at = wait.until_us
    if at != max(end, row["ended_us"]):
        raise Fault("flow.gap", f"The path of {row['batch_id']} does not reach its end.")


def _clip(waits: Iterable[Wait], period: Period) -> list[Wait]:
    made = []
    for wait in waits:
        since = wait.since_us if period.since_us is None else max(wait.since_us, period.since_us)
        until = wait.until_us if period.until_us is None else min(wait.until_us, period.until_us)
        if until > since:
            made.append(Wait(since, until, wait.cause, wait.owner, wait.detail))
    return made


def _years(waits: Sequence[Wait], period: Period, now_us: int) -> float:
    since, until = period.since_us, period.until_us
    if since is None:
        since = min((wait.since_us for wait in waits), default=now_us)
    if until is None:
        until = max((wait.until_us for wait in waits), default=now_us)
    return max(min(until, now_us) - since, DAY_US) / DAY_US / DAYS_PER_YEAR


def _summed(waits: Iterable[Wait]) -> dict[str, float]:
    hours: defaultdict[str, float] = defaultdict(float)
    for wait in waits:
        hours[wait.cause] += wait.hours
    return dict(hours)
