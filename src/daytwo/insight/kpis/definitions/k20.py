"""K20, schedule adherence: orders begun and finished near the plan that was frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import share
from daytwo.insight.kpis.subjects import (
    BATCH_DIMENSIONS,
    DAY_US,
    certain,
    leave_out,
    subjects,
    waiting,
)

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts

TOLERANCE_US = DAY_US
"""A day, before or after, at the start and at the end."""


def _population(facts: Facts) -> list[Table]:
    """Return every order; one is one batch."""
    return [facts.table("batch")]


def adhered(facts: Facts) -> Table:
    """Return one subject an order planned: 1 when begun and finished within the tolerance.

    References:
        ICH Q10 §1.5.1; lead-time adherence, Pink Sheet PS144045.
    """
    b = facts.table("batch")
    late_by = TOLERANCE_US
    begun = (b.started_us - b.planned_start_us).abs() <= late_by
    ended = (b.ended_us - b.planned_end_us).abs() <= late_by
    unended = b.ended_us.isnull() & b.aborted_us.isnull()
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(b.planned_start_us.isnull() | b.planned_end_us.isnull(), "no plan on record"),
            waiting(unended & (b.planned_end_us + late_by >= facts.now_us)),
        ],
        numerator=certain(begun & ended),
        denominator=1,
        start_us=b.planned_us,
        stop_us=b.planned_end_us.coalesce(b.ended_us, b.aborted_us, b.started_us, b.planned_us),
        stop_seq=b.ended_seq,
    )


K20 = register(
    Definition(
        id="K20",
        version=1,
        name="Schedule adherence",
        description="Share of orders begun and finished within a day of the plan first made.",
        scope="site, line",
        formula="orders with |start - planned start| and |end - planned end| at most 24 h / orders"
        " planned",
        unit="%",
        range="0 to 100",
        trend="higher is better",
        audience="management, planning, supervision",
        effect_model="equipment, materials, staff, replanning",
        notes="The plan as first made is frozen; replanning does not help. An order that was given"
        " up did not adhere. The tolerance is a choice of the house.",
        owner="Head of supply chain",
        data_sources="fact batch: batch.planned, batch.started, batch.manufacture.ended",
        start_event="batch.planned",
        stop_event="planned end",
        cohort="orders by their planned end",
        exclusions="orders without a planned start and end",
        minimum_n=10,
        sensitivity="Plans with slack make it good.",
        guard="K22 cycle time",
        references="not a KPI of ISO 22400-2; Pink Sheet PS144045 (lead-time adherence)",
        statistic=share(),
        population=_population,
        subjects=adhered,
        dimensions=BATCH_DIMENSIONS,
    )
)
