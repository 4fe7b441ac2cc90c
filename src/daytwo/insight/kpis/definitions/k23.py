"""K23, overall equipment effectiveness: availability by effectiveness by quality."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import product, ratio, share
from daytwo.insight.kpis.subjects import (
    HOUR_US,
    lacking,
    leave_out,
    subjects,
    together,
    waiting,
)

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts

PLANNED_BUSY = ("busy", "setup", "down")
"""Cleaning and maintenance are planned, idle has no order: the convention must be stated."""


def _intervals(facts: Facts) -> list[Table]:
    """Return every interval in which a piece of equipment was in one state."""
    return [facts.table("equipment_state")]


def _batches(facts: Facts) -> list[Table]:
    """Return every batch."""
    return [facts.table("batch")]


def _all_of_them(facts: Facts) -> list[Table]:
    """Return the intervals, and the batches twice: for effectiveness and for quality."""
    return [*_intervals(facts), *_batches(facts), *_batches(facts)]


def available(facts: Facts) -> Table:
    """Return one subject an interval of planned busy time: its hours, and those of production.

    References:
        ISO 22400-2: availability APT/PBT.
    """
    e = facts.table("equipment_state")
    return subjects(
        e,
        subject=e.equipment_id,
        kind="availability",
        rules=[
            leave_out(~e.state.isin(PLANNED_BUSY), "idle, cleaning or maintenance"),
            waiting(e.to_us.isnull()),
            lacking(e.hours.isnull(), "no length of the interval"),
        ],
        numerator=(e.state == "busy").ifelse(e.hours, 0.0),
        denominator=e.hours,
        start_us=e.from_us,
        stop_us=e.to_us.coalesce(e.from_us),
    )


def effective(facts: Facts) -> Table:
    """Return one subject a batch: hours planned for it, by hours that it took.

    References:
        ISO 22400-2: effectiveness PRU × PQ / APT.
    """
    b = facts.table("batch")
    planned = (b.planned_end_us - b.planned_start_us).cast("float64") / HOUR_US
    took = (b.ended_us - b.started_us).cast("float64") / HOUR_US
    return subjects(
        b,
        subject=b.batch_id,
        kind="effectiveness",
        rules=[
            leave_out(b.ended_us.isnull() & b.aborted_us.notnull(), "aborted"),
            leave_out(b.ended_us.isnull(), "manufacture has not ended"),
            lacking(b.started_us.isnull(), "no start recorded"),
            lacking(planned.isnull() | (planned <= 0), "no plan on record"),
        ],
        numerator=planned,
        denominator=took,
        stop_us=b.ended_us.coalesce(b.decided_us, b.aborted_us, b.started_us, b.planned_us),
        start_seq=b.started_seq,
        stop_seq=b.ended_seq,
    )


def good(facts: Facts) -> Table:
    """Return one subject a lot finally dispositioned: 1 when released.

    References:
        ISO 22400-2: quality ratio GQ/PQ, in lots.
    """
    b = facts.table("batch")
    undecided = b.decided_us.isnull()
    return subjects(
        b,
        subject=b.batch_id,
        kind="quality",
        rules=[
            leave_out(undecided & b.aborted_us.notnull(), "aborted"),
            waiting(undecided & b.started_us.notnull()),
            leave_out(undecided, "not started"),
        ],
        numerator=b.decision == "released",
        denominator=1,
        start_us=b.started_us,
        stop_us=b.decided_us.coalesce(b.aborted_us, b.started_us, b.planned_us),
        stop_seq=b.decided_seq,
    )


def overall(facts: Facts) -> Table:
    """Return the subjects of availability, effectiveness and quality.

    References:
        ISO 22400-2: OEE index.
    """
    return together(available(facts), effective(facts), good(facts))


K23 = register(
    Definition(
        id="K23",
        version=1,
        name="OEE index",
        description="How much of the planned busy time made good lots at the planned pace.",
        scope="site, product",
        formula="availability × effectiveness × quality: K23availability × K23effectiveness ×"
        " K23quality",
        unit="%",
        range="0 to 100, above where plans are slack",
        trend="higher is better",
        audience="management, supervision",
        effect_model="setup, breakdowns, slow batches, rejected lots",
        notes="Planned busy time is busy, setup and down; cleaning and maintenance are planned and"
        " outside of it, as is idle time. No interval can be stated of a product of three.",
        owner="Head of production",
        data_sources="facts equipment_state and batch: equipment.state.entered, batch.started,"
        " batch.manufacture.ended, release.batch.decided",
        start_event="none",
        stop_event="end of the interval; batch.manufacture.ended; release.batch.decided",
        cohort="intervals and batches by their end, lots by their disposition",
        exclusions="idle, cleaning and maintenance; aborted batches; batches without a plan",
        minimum_n=10,
        sensitivity="Reported figures are often twice the measured ones: ask for the convention.",
        guard="K7b lot right-first-time; K9 deviation rate",
        references="ISO 22400-2 (OEE index); median 32 % at 13 sites (McKinsey via Honeywell)",
        statistic=product(100, "availability", "effectiveness", "quality"),
        population=_all_of_them,
        subjects=overall,
        dimensions=("site", "product_code"),
    )
)

K23AVAILABILITY = register(
    replace(
        K23,
        id="K23availability",
        name="Availability",
        description="Share of the planned busy time in which equipment produced.",
        scope="equipment, product",
        formula="hours busy / hours busy, in setup or down (APT/PBT)",
        range="0 to 100",
        notes="Cleaning, maintenance and idle time are outside of the planned busy time.",
        guard="K23",
        statistic=ratio(100),
        population=_intervals,
        subjects=available,
        dimensions=("site", "product_code", "equipment_id"),
    )
)

K23EFFECTIVENESS = register(
    replace(
        K23,
        id="K23effectiveness",
        name="Effectiveness",
        description="Time planned for batches by the time that they took.",
        scope="product, line",
        formula="planned hours / hours from start to end (PRU × PQ / APT)",
        notes="The planned run time of what was made is the order's own plan.",
        guard="K20 schedule adherence",
        statistic=ratio(100),
        population=_batches,
        subjects=effective,
        dimensions=("site", "product_code", "line", "mbr", "origin"),
    )
)

K23QUALITY = register(
    replace(
        K23,
        id="K23quality",
        name="Quality ratio",
        description="Share of lots finally dispositioned that were released.",
        scope="product, line",
        formula="lots released / lots finally dispositioned (GQ/PQ, in lots)",
        range="0 to 100",
        notes="In lots, as good quantities are not in the facts: the same as K16ispe.",
        guard="K16ispe",
        statistic=share(),
        population=_batches,
        subjects=good,
        dimensions=("site", "product_code", "line", "mbr", "origin"),
    )
)
