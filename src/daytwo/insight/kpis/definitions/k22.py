"""K22, start-to-end cycle time, and how much of it was work, touch and queue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import ratio, times
from daytwo.insight.kpis.subjects import (
    BATCH_DIMENSIONS,
    HOUR_US,
    Rule,
    lacking,
    leave_out,
    subjects,
    waiting,
)

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every batch."""
    return [facts.table("batch")]


def executed(facts: Facts) -> Table:
    """Return one subject a batch, in hours from its start to its end (AOET).

    References:
        ISO 22400-2: actual order execution time.
    """
    b = facts.table("batch")
    return subjects(
        b,
        subject=b.batch_id,
        rules=[*_unended(b), waiting(b.ended_us.isnull() & b.started_us.notnull()), *_unbegun(b)],
        value=(b.ended_us - b.started_us).cast("float64") / HOUR_US,
        start_us=b.started_us,
        stop_us=b.ended_us.coalesce(b.decided_us, b.aborted_us, b.started_us, b.planned_us),
        start_seq=b.started_seq,
        stop_seq=b.ended_seq,
    )


def allocated(facts: Facts) -> Table:
    """Return one subject a batch: hours in which a step was in work, by hours from start to end.

    References:
        ISO 22400-2: allocation ratio AUBT/AOET.
    """
    return _part(facts, "busy_h", "no step with claim and completion on record")


def touched(facts: Facts) -> Table:
    """Return one subject a batch: hours of hands on steps, by hours from start to end.

    References:
        ISO 22400-2: production process ratio APT/AOET.
    """
    return _part(facts, "touch_h", "no touch time on record")


def queued(facts: Facts) -> Table:
    """Return one subject a batch: hours in which steps waited, by hours from start to end.

    References:
        ISO 22400-2: actual queuing time AQT/AOET.
    """
    return _part(facts, "wait_h", "no waiting time on record")


def _part(facts: Facts, part: str, lacks: str) -> Table:
    b = _with_hours(facts)
    hours = b[part]
    took = (b.ended_us - b.started_us).cast("float64") / HOUR_US
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            *_unended(b),
            leave_out(b.ended_us.isnull(), "manufacture has not ended"),
            *_unbegun(b),
            lacking(hours.isnull(), lacks),
            lacking(took <= 0, "ended when it started"),
        ],
        numerator=hours,
        denominator=took,
        stop_us=b.ended_us.coalesce(b.decided_us, b.aborted_us, b.started_us, b.planned_us),
        start_seq=b.started_seq,
        stop_seq=b.ended_seq,
    )


def _with_hours(facts: Facts) -> Table:
    """Return every batch with the hours of its steps, unknown where no step tells them."""
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    b, s = facts.table("batch"), facts.table("step")
    parts = {
        "busy_h": (s.completed_us - s.claimed_us).cast("float64") / HOUR_US,
        "touch_h": s.touch_min / 60,
        "wait_h": s.wait_min / 60,
    }
    spent = s.group_by(step_site="site", step_batch="batch_id").aggregate(
        {name: ibis.ifelse(h >= 0, h, ibis.null("float64")).sum() for name, h in parts.items()}
    )
    same = [b.site == spent.step_site, b.batch_id == spent.step_batch]
    return b.left_join(spent, same).drop("step_site", "step_batch")


def _unended(b: Table) -> list[Rule]:
    return [
        leave_out(b.ended_us.isnull() & b.aborted_us.notnull(), "aborted"),
        lacking(b.ended_us.isnull() & b.decided_us.notnull(), "no end of manufacture recorded"),
    ]


def _unbegun(b: Table) -> list[Rule]:
    return [
        leave_out(b.ended_us.isnull(), "not started"),
        lacking(b.started_us.isnull(), "no start recorded"),
    ]


K22 = register(
    Definition(
        id="K22",
        version=1,
        name="Start-to-end cycle time",
        description="How long a batch takes from its first step to its last.",
        scope="product, line",
        formula="median over batches of t(end of manufacture) - t(first step) (AOET)",
        unit="h",
        range="0 to infinity",
        trend="lower is better",
        audience="management, supervision",
        effect_model="work, queues between steps, holds, nights and week-ends",
        notes="On the 24/7 calendar; holds are in it.",
        owner="Head of production",
        data_sources="fact batch: batch.started, batch.manufacture.ended",
        start_event="batch.started",
        stop_event="batch.manufacture.ended",
        cohort="batches manufactured, by their end of manufacture",
        exclusions="aborted and unstarted batches; batches without start or end on record",
        minimum_n=6,
        sensitivity="Long batches that still run are not in the median: see the open count.",
        guard="K7c process right-first-time",
        references="ISO 22400-2 (AOET); pharmamanufacturing.com: lead times up to 6 months",
        statistic=times("h"),
        population=_population,
        subjects=executed,
        dimensions=BATCH_DIMENSIONS,
    )
)

_PART = replace(
    K22,
    unit="%",
    range="0 to 100, above where steps run side by side",
    trend="higher is better",
    notes="Steps that run side by side count each.",
    data_sources="facts batch and step: batch.step.claimed, .completed, .paused, .resumed",
    exclusions="aborted and unfinished batches; batches without the times on record",
    minimum_n=10,
    sensitivity="Steps claimed late look shorter than they were.",
    guard="K22 cycle time",
    statistic=ratio(100),
)

K22ALLOCATION = register(
    replace(
        _PART,
        id="K22allocation",
        name="Allocation ratio",
        description="Share of a batch's time in which a step was in work.",
        formula="hours of steps from claim to completion / hours from start to end (AUBT/AOET)",
        references="ISO 22400-2, allocation ratio",
        subjects=allocated,
    )
)

K22TOUCH = register(
    replace(
        _PART,
        id="K22touch",
        name="Touch share",
        description="Share of a batch's time in which somebody worked on a step.",
        formula="hours of steps without their pauses / hours from start to end (APT/AOET)",
        references="ISO 22400-2, production process ratio",
        subjects=touched,
    )
)

K22QUEUE = register(
    replace(
        _PART,
        id="K22queue",
        name="Queue share",
        description="Share of a batch's time in which a step that was offered waited.",
        formula="hours of steps from offer to claim / hours from start to end (AQT/AOET)",
        trend="lower is better",
        references="ISO 22400-2, actual queuing time",
        subjects=queued,
    )
)
