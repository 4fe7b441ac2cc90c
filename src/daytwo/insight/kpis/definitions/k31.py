"""K31, paper fallback: steps and batches that were done on paper and entered later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.batchsteps import of_batches, population
from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import ratio, share
from daytwo.insight.kpis.subjects import BATCH_DIMENSIONS

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def steps(facts: Facts) -> Table:
    """Return one subject a batch: steps done on paper, and steps.

    References:
        EU GMP Annex 11 §16 (business continuity).
    """
    return of_batches(facts, "paper_steps", "steps", "no step on record")


def batches(facts: Facts) -> Table:
    """Return one subject a batch: 1 when any step of it was done on paper.

    References:
        EU GMP Annex 11 §16 (business continuity).
    """
    return of_batches(facts, lambda b: b.paper_steps > 0, "", "no step on record")


K31 = register(
    Definition(
        id="K31",
        version=1,
        name="Paper fallback, steps",
        description="Share of steps that were done on paper and entered later.",
        scope="product, line",
        formula="steps back-entered from paper / steps",
        unit="%",
        range="0 to 100",
        trend="lower is better",
        audience="management, supervision",
        effect_model="system down, network, screens that hinder",
        notes="Drills of business continuity are in it; no event tells them apart yet.",
        owner="Head of production",
        data_sources="fact batch: batch.step.back_entered",
        start_event="none",
        stop_event="batch.manufacture.ended",
        cohort="batches manufactured, by their end of manufacture",
        exclusions="aborted and unfinished batches; batches without a step on record",
        minimum_n=10,
        sensitivity="Paper that is never entered is not seen.",
        guard="K30 manual workarounds",
        references="EU GMP Annex 11 §16",
        statistic=ratio(100),
        population=population,
        subjects=steps,
        dimensions=BATCH_DIMENSIONS,
    )
)

K31BATCH = register(
    replace(
        K31,
        id="K31batch",
        name="Paper fallback, batches",
        description="Share of batches of which any step was done on paper.",
        formula="batches with a step back-entered from paper / batches",
        statistic=share(),
        subjects=batches,
    )
)
