"""K29, use of what the system can: steps captured by device or interface where they could be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import share
from daytwo.insight.kpis.subjects import certain, lacking, leave_out, subjects

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts

AUTOMATIC = ("device", "interface")


def _population(facts: Facts) -> list[Table]:
    """Return every step."""
    return [facts.table("step")]


def captured(facts: Facts) -> Table:
    """Return one subject a step that could be captured: 1 when it was.

    References:
        EU GMP Annex 11 §6 (accuracy checks); BioPhorum Digital Plant Maturity Model.
    """
    s = facts.table("step")
    done = s.completed_us.notnull()
    automatic = s.method.isin(AUTOMATIC)
    return subjects(
        s,
        subject=s.batch_id + "/" + s.step_id,
        kind="step",
        rules=[
            leave_out(~done, "step not done"),
            lacking((s.entries > 0) & s.method.isnull(), "no method of the entry recorded"),
            leave_out(s.method.isnull(), "no entry"),
            leave_out(~automatic & ~certain(s.instead), "no interface for it"),
        ],
        numerator=automatic & ~certain(s.instead),
        denominator=1,
        stop_us=s.completed_us.coalesce(s.claimed_us, s.offered_us),
        stop_seq=s.completed_seq,
        happened_us=s.completed_us.coalesce(s.claimed_us),
    )


K29 = register(
    Definition(
        id="K29",
        version=1,
        name="Automatic capture",
        description="Share of the steps with an interface that were captured by it.",
        scope="product, line, master batch record",
        formula="steps captured by device or interface / these and steps entered by hand although"
        " an interface exists",
        unit="%",
        range="0 to 100",
        trend="higher is better",
        audience="management, supervision",
        effect_model="interfaces down, interfaces avoided, devices not connected",
        notes="What has no interface yet is not in it: it says how much of what there is is used.",
        owner="Head of production",
        data_sources="fact step: batch.step.value_entered",
        start_event="none",
        stop_event="batch.step.completed",
        cohort="steps by their completion",
        exclusions="steps without an entry; steps that have no interface",
        minimum_n=30,
        sensitivity="An interface that nobody declared is not missed.",
        guard="K30 manual workarounds",
        references="BioPhorum Digital Plant Maturity Model: 2.5 of 5 on average",
        statistic=share(),
        population=_population,
        subjects=captured,
        dimensions=("site", "product_code", "line", "mbr", "operation", "shift", "origin"),
    )
)
