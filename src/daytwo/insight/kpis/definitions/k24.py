"""K24, other figures of ISO 22400-2 for batch: utilisation, throughput, repair, failures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import rate, ratio
from daytwo.insight.kpis.subjects import (
    MINUTE_US,
    lacking,
    leave_out,
    subjects,
    together,
    waiting,
)

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts

BUSY_OR_SETUP = ("busy", "setup")


def _intervals(facts: Facts) -> list[Table]:
    """Return every interval in which a piece of equipment was in one state."""
    return [facts.table("equipment_state")]


def _twice(facts: Facts) -> list[Table]:
    """Return every interval twice: as a failure, and as time in which one could happen."""
    return [*_intervals(facts), *_intervals(facts)]


def _batches(facts: Facts) -> list[Table]:
    """Return every batch."""
    return [facts.table("batch")]


def utilised(facts: Facts) -> Table:
    """Return one subject an interval of busy or setup time: its hours, and those of production.

    References:
        ISO 22400-2: utilisation efficiency APT/AUBT.
    """
    e = facts.table("equipment_state")
    return subjects(
        e,
        subject=e.equipment_id,
        kind="interval",
        rules=[
            leave_out(~e.state.isin(BUSY_OR_SETUP), "neither busy nor in setup"),
            waiting(e.to_us.isnull()),
            lacking(e.hours.isnull(), "no length of the interval"),
        ],
        numerator=(e.state == "busy").ifelse(e.hours, 0.0),
        denominator=e.hours,
        start_us=e.from_us,
        stop_us=e.to_us.coalesce(e.from_us),
    )


def throughput(facts: Facts) -> Table:
    """Return one subject a batch: units of it, and minutes from its start to its end.

    References:
        ISO 22400-2: throughput rate PQ/AOET.
    """
    b = facts.table("batch")
    minutes = (b.ended_us - b.started_us).cast("float64") / MINUTE_US
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(b.ended_us.isnull(), "manufacture has not ended"),
            lacking(b.started_us.isnull(), "no start recorded"),
            leave_out(b.units == 0, "nothing distributed"),
        ],
        numerator=b.units,
        denominator=minutes,
        stop_us=b.ended_us.coalesce(b.decided_us, b.aborted_us, b.started_us, b.planned_us),
        start_seq=b.started_seq,
        stop_seq=b.ended_seq,
    )


def repaired(facts: Facts) -> Table:
    """Return one subject a breakdown with its hours.

    References:
        ISO 22400-2: mean time to restoration.
    """
    e = facts.table("equipment_state")
    return subjects(
        e,
        subject=e.equipment_id,
        kind="breakdown",
        rules=[leave_out(e.state != "down", "no breakdown"), waiting(e.to_us.isnull())],
        numerator=e.hours,
        denominator=1,
        start_us=e.from_us,
        stop_us=e.to_us.coalesce(e.from_us),
    )


def failed(facts: Facts) -> Table:
    """Return one subject a breakdown, and one an interval of production with its hours.

    References:
        ISO 22400-2: mean operating time between failures, as its inverse.
    """
    e = facts.table("equipment_state")
    failures = subjects(
        e,
        subject=e.equipment_id,
        kind="breakdown",
        rules=[leave_out(e.state != "down", "no breakdown")],
        numerator=1,
        denominator=0,
        stop_us=e.from_us,
    )
    exposed = subjects(
        e,
        subject=e.equipment_id,
        kind="production",
        rules=[leave_out(e.state != "busy", "no production"), waiting(e.to_us.isnull())],
        numerator=0,
        denominator=e.hours,
        start_us=e.from_us,
        stop_us=e.to_us.coalesce(e.from_us),
    )
    return together(failures, exposed)


K24 = register(
    Definition(
        id="K24",
        version=1,
        name="Utilisation efficiency",
        description="Share of the time in which equipment was occupied that it produced.",
        scope="equipment, product",
        formula="hours busy / hours busy or in setup (APT/AUBT)",
        unit="%",
        range="0 to 100",
        trend="higher is better",
        audience="management, supervision",
        effect_model="setup, small lots, waiting within setup",
        notes="The setup ratio is 100 % less this figure.",
        owner="Head of production",
        data_sources="fact equipment_state: equipment.state.entered",
        start_event="none",
        stop_event="end of the interval",
        cohort="intervals by their end",
        exclusions="intervals that are neither busy nor setup",
        minimum_n=10,
        sensitivity="Setup that is booked as production makes it good.",
        guard="K23availability",
        references="ISO 22400-2, utilisation efficiency",
        statistic=ratio(100),
        population=_intervals,
        subjects=utilised,
        dimensions=("site", "product_code", "equipment_id"),
    )
)

K24THROUGHPUT = register(
    replace(
        K24,
        id="K24throughput",
        name="Throughput rate",
        description="Dosage units for each minute from the start of a batch to its end.",
        scope="product, line",
        formula="dosage units distributed / minutes from start to end (PQ/AOET)",
        unit="per min",
        range="0 to infinity",
        effect_model="cycle time, batch size",
        notes="Units distributed stand in for the quantity made, which is not in the facts.",
        data_sources="fact batch: batch.started, batch.manufacture.ended,"
        " release.batch.distributed",
        start_event="batch.started",
        stop_event="batch.manufacture.ended",
        cohort="batches by their end of manufacture",
        exclusions="unfinished batches; batches of which nothing was distributed",
        sensitivity="Batches that are not sold yet are not in it.",
        guard="K22 cycle time",
        references="ISO 22400-2, throughput rate",
        statistic=ratio(1),
        population=_batches,
        subjects=throughput,
        dimensions=("site", "product_code", "line", "mbr", "origin"),
    )
)

K24REPAIR = register(
    replace(
        K24,
        id="K24repair",
        name="Mean time to restoration",
        description="How long a breakdown of equipment lasts on average.",
        scope="equipment",
        formula="hours down / breakdowns (MTTR)",
        unit="h",
        range="0 to infinity",
        trend="lower is better",
        effect_model="spare parts, technicians, diagnosis",
        notes="A mean, as the standard has it; a long one weighs much.",
        cohort="breakdowns by their end",
        exclusions="all other states",
        sensitivity="Breakdowns that last are not in it: see the open count.",
        guard="K24failures",
        references="ISO 22400-2, mean time to restoration",
        statistic=ratio(1),
        subjects=repaired,
        dimensions=("site", "equipment_id"),
    )
)

K24FAILURES = register(
    replace(
        K24,
        id="K24failures",
        name="Failure rate of equipment",
        description="Breakdowns for each thousand hours of production.",
        scope="equipment",
        formula="breakdowns / hours busy × 1000; the mean time between failures is its inverse",
        unit="per 1000 h",
        range="0 to infinity",
        trend="lower is better",
        effect_model="wear, maintenance, misuse",
        notes="As a rate, because few failures have an interval that a mean time has not.",
        cohort="breakdowns by their begin, hours by the end of the interval",
        exclusions="all other states",
        sensitivity="Short stops that nobody books are not seen.",
        guard="K24repair",
        references="ISO 22400-2, mean operating time between failures; Garwood (1936)",
        statistic=rate(1000),
        population=_twice,
        subjects=failed,
        dimensions=("site", "equipment_id"),
    )
)
