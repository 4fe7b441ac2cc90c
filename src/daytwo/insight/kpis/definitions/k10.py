"""K10, deviation resolution time: from detection to closure, and how long detection took."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import times
from daytwo.insight.kpis.subjects import (
    DAY_US,
    DEVIATION_DIMENSIONS,
    certain,
    lacking,
    subjects,
    waiting,
)

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every deviation."""
    return [facts.table("deviation")]


def resolved(facts: Facts) -> Table:
    """Return one subject a deviation, in days from its detection to its closure.

    A deviation that was opened again is open: the clock never stops in between.

    References:
        EU GMP Chapter 1 §1.4 (xiv); 21 CFR 211.192.
    """
    d = facts.table("deviation")
    closed = d.last_closed_us.coalesce(d.closed_us)
    is_open = closed.isnull() | certain(d.open)
    return subjects(
        d,
        subject=d.deviation_id,
        kind="deviation",
        rules=[
            lacking(d.detected_us.isnull(), "no detection recorded"),
            waiting(is_open),
        ],
        value=(closed - d.detected_us).cast("float64") / DAY_US,
        start_us=d.detected_us,
        stop_us=closed.coalesce(d.recorded_us),
        start_seq=d.detected_seq,
        stop_seq=d.closed_seq,
        happened_us=d.occurred_us.coalesce(d.detected_us),
    )


def noticed(facts: Facts) -> Table:
    """Return one subject a deviation, in days from its occurrence to its record.

    References:
        EU GMP Chapter 1 §1.4 (xiv).
    """
    d = facts.table("deviation")
    return subjects(
        d,
        subject=d.deviation_id,
        kind="deviation",
        rules=[
            lacking(d.occurred_us.isnull(), "no occurrence recorded"),
            lacking(d.recorded_us.isnull(), "no time of the record"),
        ],
        value=(d.recorded_us - d.occurred_us).cast("float64") / DAY_US,
        start_us=d.occurred_us,
        stop_us=d.recorded_us.coalesce(d.detected_us),
        stop_seq=d.recorded_seq,
        happened_us=d.occurred_us,
    )


K10 = register(
    Definition(
        id="K10",
        version=1,
        name="Deviation resolution time",
        description="How long it takes from the detection of a deviation to its closure.",
        scope="product, area",
        formula="median over closed deviations of t(closed) - t(detected)",
        unit="d",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality",
        effect_model="assignment, investigation, root cause, actions, approval",
        notes="The clock starts when somebody saw it, not when it was typed in; it never stops in"
        " between. A deviation opened again is open until its last closure.",
        owner="Head of quality",
        data_sources="fact deviation: quality.deviation.detected, quality.deviation.closed",
        start_event="quality.deviation.detected",
        stop_event="quality.deviation.closed, the last one",
        cohort="deviations closed, by the time of their closure",
        exclusions="deviations without a detection on record",
        minimum_n=6,
        sensitivity="Old deviations that stay open are not in the median: see the open count and"
        " the Kaplan-Meier median beside it.",
        guard="K12 repeat deviations; K13 CAPA effectiveness",
        references="21 CFR 211.192; pharmavalidation.in: at most 30 d",
        statistic=times("d"),
        population=_population,
        subjects=resolved,
        dimensions=DEVIATION_DIMENSIONS,
    )
)

K10LAG = register(
    replace(
        K10,
        id="K10lag",
        name="Deviation detection lag",
        description="How long it takes until a deviation that happened is on record.",
        formula="median over deviations of t(recorded) - t(occurred)",
        notes="What K10 does not see, because its clock starts with detection.",
        data_sources="fact deviation: quality.deviation.occurred, quality.deviation.recorded",
        start_event="quality.deviation.occurred",
        stop_event="quality.deviation.recorded",
        cohort="deviations recorded, by the time of their record",
        exclusions="deviations without an occurrence on record",
        sensitivity="Occurrences are often estimated, and then rounded to the day.",
        guard="K10",
        references="EU GMP Chapter 1 §1.4 (xiv)",
        subjects=noticed,
    )
)
