"""K14, on-time closure of deviations and CAPAs, by the date that was promised first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.calendar import local_day, written_day
from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import share
from daytwo.insight.kpis.subjects import DAY_US, certain, leave_out, subjects, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _deviations(facts: Facts) -> list[Table]:
    """Return every deviation."""
    return [facts.table("deviation")]


def _capas(facts: Facts) -> list[Table]:
    """Return every corrective and preventive action."""
    return [facts.table("capa")]


def deviations_on_time(facts: Facts) -> Table:
    """Return one subject a deviation that is due: 1 when closed by its first due date.

    References:
        EU GMP Chapter 1 §1.4 (xiv).
    """
    return _on_time(facts, facts.table("deviation"), "deviation")


def capas_on_time(facts: Facts) -> Table:
    """Return one subject a CAPA that is due: 1 when closed by its first due date.

    References:
        ICH Q10 §3.2.2.
    """
    return _on_time(facts, facts.table("capa"), "capa")


def _on_time(facts: Facts, table: Table, kind: str) -> Table:
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    promised = table.due_first_on.nullif("")
    due = written_day(promised)
    today = local_day(ibis.literal(facts.now_us, "int64"), facts.zone)
    closed = local_day(table.closed_us, facts.zone)
    begun = table.recorded_us if kind == "deviation" else table.opened_us
    return subjects(
        table,
        subject=table[f"{kind}_id"],
        kind=kind,
        rules=[
            leave_out(promised.isnull(), "no due date promised"),
            waiting(table.closed_us.isnull() & (due >= today)),
        ],
        numerator=certain(closed <= due),
        denominator=1,
        start_us=begun,
        stop_us=((due + 1) * DAY_US).coalesce(table.closed_us, begun),
    )


K14 = register(
    Definition(
        id="K14",
        version=1,
        name="On-time deviation closure",
        description="Share of deviations closed by the date that was promised first.",
        scope="site, area",
        formula="deviations closed by their first due date / deviations due",
        unit="%",
        range="0 to 100",
        trend="higher is better",
        audience="management, quality",
        effect_model="load, investigators, extensions",
        notes="Extensions count as late: the first date is the one that counts. Days of the site.",
        owner="Head of quality",
        data_sources="fact deviation: quality.deviation.recorded, .due_date_moved, .closed",
        start_event="quality.deviation.recorded",
        stop_event="end of the day first promised",
        cohort="deviations by the day on which they were first due",
        exclusions="deviations without a due date",
        minimum_n=10,
        sensitivity="Far dates make it good: see K10.",
        guard="K10 resolution time",
        references="pharmavalidation.in: at least 95 %",
        statistic=share(),
        population=_deviations,
        subjects=deviations_on_time,
        dimensions=("site", "product_code", "line", "severity", "category", "area"),
    )
)

K14CAPA = register(
    replace(
        K14,
        id="K14capa",
        name="On-time CAPA closure",
        description="Share of corrective and preventive actions closed by the date first promised.",
        scope="site",
        formula="CAPAs closed by their first due date / CAPAs due",
        data_sources="fact capa: quality.capa.opened, .due_date_moved, .closed",
        start_event="quality.capa.opened",
        cohort="CAPAs by the day on which they were first due",
        exclusions="CAPAs without a due date",
        sensitivity="Far dates make it good.",
        guard="K13 CAPA effectiveness",
        population=_capas,
        subjects=capas_on_time,
        dimensions=("site", "origin"),
    )
)
