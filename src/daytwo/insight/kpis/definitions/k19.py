"""K19, on-time release: lots released by the date that was promised first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.calendar import local_day, written_day
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


def _population(facts: Facts) -> list[Table]:
    """Return every batch."""
    return [facts.table("batch")]


def on_time(facts: Facts) -> Table:
    """Return one subject a lot that is due: 1 when released by its first promised day.

    References:
        ICH Q10 §1.5.1 (product realisation).
    """
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    b = facts.table("batch")
    promised = b.promised_on.nullif("")
    due = written_day(promised)
    today = local_day(ibis.literal(facts.now_us, "int64"), facts.zone)
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(promised.isnull(), "no release date promised"),
            leave_out(b.decided_us.isnull() & b.aborted_us.notnull(), "aborted"),
            leave_out(b.decision == "rejected", "rejected"),
            waiting(b.decided_us.isnull() & (due >= today)),
        ],
        numerator=certain(local_day(b.decided_us, facts.zone) <= due),
        denominator=1,
        start_us=b.planned_us,
        stop_us=((due + 1) * DAY_US).coalesce(b.decided_us, b.ended_us, b.planned_us),
        stop_seq=b.decided_seq,
    )


K19 = register(
    Definition(
        id="K19",
        version=1,
        name="On-time release",
        description="Share of lots released by the day that was promised first.",
        scope="site, product, line",
        formula="lots released by their first promised day / lots due",
        unit="%",
        range="0 to 100",
        trend="higher is better",
        audience="management, planning",
        effect_model="release time, schedule, deviations",
        notes="The first promise is frozen: a new one does not make a lot timely. Days of the"
        " site.",
        owner="Head of supply chain",
        data_sources="fact batch: release.promise.set, release.batch.decided",
        start_event="release.promise.set",
        stop_event="end of the day first promised",
        cohort="lots by the day first promised",
        exclusions="lots without a promise; rejected and aborted lots",
        minimum_n=10,
        sensitivity="Far promises make it good: see K1start.",
        guard="K1 release time",
        references="ICH Q10 §1.5.1; Pink Sheet PS144045 (lead-time adherence)",
        statistic=share(),
        population=_population,
        subjects=on_time,
        dimensions=BATCH_DIMENSIONS,
    )
)
