"""K30, manual-workaround rate: the first sign of decay after go-live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.batchsteps import of_batches, population
from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import ratio
from daytwo.insight.kpis.subjects import BATCH_DIMENSIONS

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def workarounds(facts: Facts) -> Table:
    """Return one subject a batch: steps with a workaround, and steps.

    References:
        EU GMP Annex 11 §16 (business continuity); WHO TRS 996 annex 5.
    """
    return of_batches(facts, "workarounds", "steps", "no step on record")


K30 = register(
    Definition(
        id="K30",
        version=1,
        name="Manual-workaround rate",
        description="Share of steps that went another way than the system offers.",
        scope="product, line, master batch record",
        formula="steps with a manual entry although an interface exists, an override, a late entry,"
        " not-applicable or paper / steps",
        unit="%",
        range="0 to 100",
        trend="lower is better",
        audience="management, supervision",
        effect_model="interfaces down, screens that hinder, rules that are wrong",
        notes="A step counts once, however many ways around it took. Free text in place of a field"
        " and bypasses by supervisors are not told apart by the events yet.",
        owner="Head of production",
        data_sources="fact batch: batch.step.value_entered, .overridden, .back_entered,"
        " .marked_not_applicable",
        start_event="none",
        stop_event="batch.manufacture.ended",
        cohort="batches manufactured, by their end of manufacture",
        exclusions="aborted and unfinished batches; batches without a step on record",
        minimum_n=10,
        sensitivity="Late back-entry hides in the last weeks.",
        guard="K34 feedback",
        references="EU GMP Annex 11 §16; WHO TRS 996 annex 5",
        statistic=ratio(100),
        population=population,
        subjects=workarounds,
        dimensions=BATCH_DIMENSIONS,
    )
)
