"""K11, investigation cycle time: from the assignment of an investigation to the approved cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import times
from daytwo.insight.kpis.subjects import DAY_US, lacking, leave_out, subjects, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every deviation."""
    return [facts.table("deviation")]


def investigated(facts: Facts) -> Table:
    """Return one subject a deviation, in days from assignment to approved root cause.

    References:
        21 CFR 211.192; EU GMP Chapter 1 §1.4 (xiv).
    """
    d = facts.table("deviation")
    return subjects(
        d,
        subject=d.deviation_id,
        kind="deviation",
        rules=[
            leave_out(d.severity.lower() == "minor", "minor: triaged, not investigated"),
            lacking(d.assigned_us.isnull() & d.cause_us.notnull(), "no assignment recorded"),
            lacking(d.cause_us.isnull() & d.closed_us.notnull(), "closed without a cause"),
            leave_out(d.assigned_us.isnull(), "not assigned"),
            waiting(d.cause_us.isnull()),
        ],
        value=(d.cause_us - d.assigned_us).cast("float64") / DAY_US,
        start_us=d.assigned_us,
        stop_us=d.cause_us.coalesce(d.closed_us, d.recorded_us, d.detected_us),
        start_seq=d.assigned_seq,
        stop_seq=d.cause_seq,
    )


K11 = register(
    Definition(
        id="K11",
        version=1,
        name="Investigation cycle time",
        description="How long it takes from the assignment of an investigation to its cause.",
        scope="site, area",
        formula="median over investigations of t(root cause approved) - t(assigned)",
        unit="d",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality",
        effect_model="investigators, data at hand, laboratories, approval",
        notes="A claim that such systems make it 45-60 % shorter is without a source: test it.",
        owner="Head of quality",
        data_sources="fact deviation: quality.deviation.assigned, .root_cause_approved",
        start_event="quality.deviation.assigned",
        stop_event="quality.deviation.root_cause_approved",
        cohort="investigations whose cause was approved, by that time",
        exclusions="minor deviations; deviations not assigned, or closed without a cause",
        minimum_n=6,
        sensitivity="Assigning late shortens it: see K10.",
        guard="K10 resolution time; K12 repeat deviations",
        references="21 CFR 211.192; pharmavalidation.in: at most 30 d",
        statistic=times("d"),
        population=_population,
        subjects=investigated,
        dimensions=("site", "product_code", "line", "severity", "category", "area", "equipment_id"),
    )
)
