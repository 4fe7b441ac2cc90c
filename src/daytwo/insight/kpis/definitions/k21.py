"""K21, yield: what came out of a phase by what could have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import median
from daytwo.insight.kpis.subjects import lacking, subjects

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every yield that was determined."""
    return [_yields(facts)]


def yields(facts: Facts) -> Table:
    """Return one subject a yield of a batch at a phase, in per cent of the theoretical.

    References:
        21 CFR 211.103; ISO 22400-2 (finished goods ratio).
    """
    r = _yields(facts)
    at = r.final_us.coalesce(r.entered_us, r.started_us)
    return subjects(
        r,
        subject=r.batch_id,
        kind="yield",
        rules=[
            lacking(r.value.isnull(), "no percentage on record"),
            lacking(at.isnull(), "no time on record"),
        ],
        value=r.value,
        stop_us=at,
        start_seq=r.seq,
        stop_seq=r.seq,
    )


def _yields(facts: Facts) -> Table:
    r = facts.table("result")
    return r.filter(r.kind == "yield")


K21 = register(
    Definition(
        id="K21",
        version=1,
        name="Yield",
        description="Actual by theoretical quantity at each phase that asks for it.",
        scope="product, phase",
        formula="median over determinations of actual / theoretical quantity × 100",
        unit="%",
        range="0 to infinity; above 100 is an exception too",
        trend="closer to the target of the master is better",
        audience="management, supervision",
        effect_model="losses, weighing, potency, rework",
        notes="Never across phases or products: split by test_code (the phase) and product.",
        owner="Head of production",
        data_sources="fact result, kind yield: batch.yield.recorded",
        start_event="none",
        stop_event="batch.yield.recorded",
        cohort="yields by the time of their determination",
        exclusions="yields without a percentage",
        minimum_n=6,
        sensitivity="A wrong theoretical quantity makes it look good.",
        guard="K7c process right-first-time",
        references="21 CFR 211.103; ISO 22400-2, finished goods ratio GQ/CM",
        statistic=median(),
        population=_population,
        subjects=yields,
        dimensions=("site", "product_code", "test_code", "origin"),
    )
)
