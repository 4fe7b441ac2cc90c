"""K1, batch release cycle time: from the end of manufacture to the signed release."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import times
from daytwo.insight.kpis.subjects import (
    BATCH_DIMENSIONS,
    DAY_US,
    lacking,
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


def released(facts: Facts) -> Table:
    """Return one subject a batch, in days from the end of manufacture to its release.

    References:
        21 CFR 211.192 (review before release); EU GMP Annex 16.
    """
    return _waits(facts, "ended", "no end of manufacture recorded", "released")


def rejected(facts: Facts) -> Table:
    """Return one subject a batch, in days from the end of manufacture to its rejection.

    References:
        21 CFR 211.192.
    """
    return _waits(facts, "ended", "no end of manufacture recorded", "rejected")


def after_laboratory(facts: Facts) -> Table:
    """Return one subject a batch, in days from its last final result to its release.

    References:
        21 CFR 211.165(a).
    """
    return _waits(facts, "lab_final", "no final laboratory result recorded", "released")


def after_start(facts: Facts) -> Table:
    """Return one subject a batch, in days from its first step to its release.

    References:
        21 CFR 211.192.
    """
    return _waits(facts, "started", "no start recorded", "released")


def _waits(facts: Facts, start: str, lacks: str, decision: str) -> Table:
    b = facts.table("batch")
    begun, decided, undecided = b[f"{start}_us"], b.decided_us, b.decided_us.isnull()
    other = "released" if decision == "rejected" else "rejected"
    nothing_known = b.started_us.isnull() & b.ended_us.isnull()
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(undecided & b.aborted_us.notnull(), "aborted"),
            waiting(undecided & b.ended_us.notnull() & begun.notnull()),
            lacking(undecided & b.ended_us.notnull(), lacks),
            lacking(
                undecided & nothing_known & (b.origin == "import"),
                "the source gives neither end nor disposition",
            ),
            leave_out(undecided, "manufacture has not ended"),
            lacking(begun.isnull(), lacks),
            leave_out(b.decision == other, f"{other}, shown apart"),
        ],
        value=(decided - begun).cast("float64") / DAY_US,
        start_us=begun,
        stop_us=decided.coalesce(b.aborted_us, b.started_us, b.planned_us),
        start_seq=b[f"{start}_seq"],
        stop_seq=b.decided_seq,
    )


K1 = register(
    Definition(
        id="K1",
        version=1,
        name="Batch release cycle time",
        description="How long a finished batch waits until it is certified and released.",
        scope="product, batch",
        formula="median over released batches of t(disposition signed) - t(end of manufacture)",
        unit="d",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality, supervision",
        effect_model="assembly, production review, laboratory wait, deviation wait, QA decision",
        notes="Median and P90, never the mean alone. Imported batches count once their source"
        " tells both times.",
        effective_from="2026-11-23",
        owner="Head of quality",
        data_sources="fact batch: batch.manufacture.ended, release.batch.decided",
        start_event="batch.manufacture.ended",
        stop_event="release.batch.decided with decision released",
        cohort="batches released, by the time of their disposition",
        exclusions="rejected and aborted batches; batches without an end of manufacture on record",
        minimum_n=6,
        sensitivity="Slow batches that are still open are not in the median: see the open count"
        " and the Kaplan-Meier median beside it.",
        guard="K9 deviations after release; K7 right-first-time",
        references="21 CFR 211.192; EU GMP Annex 16; ISO 22400-1 §4.3",
        statistic=times("d"),
        population=_population,
        subjects=released,
        dimensions=BATCH_DIMENSIONS,
    )
)

K1REJECTED = register(
    replace(
        K1,
        id="K1rejected",
        name="Time to rejection",
        description="How long a finished batch waits until it is rejected.",
        formula="median over rejected batches of t(disposition signed) - t(end of manufacture)",
        notes="Beside K1, because a rejection takes another way than a release.",
        effective_from="2026-11-25",
        stop_event="release.batch.decided with decision rejected",
        cohort="batches rejected, by the time of their disposition",
        exclusions="released and aborted batches; batches without an end of manufacture on record",
        guard="K1",
        subjects=rejected,
    )
)

K1LAB = register(
    replace(
        K1,
        id="K1lab",
        name="Release time after the laboratory",
        description="How long a batch waits for its release once its last result is final.",
        formula="median over released batches of t(disposition signed) - t(last result final)",
        notes="What the laboratory's speed cannot mend. Negative where a result came after.",
        effective_from="2026-11-25",
        data_sources="fact batch: laboratory.result.final, release.batch.decided",
        start_event="laboratory.result.final, the last one of the final stage",
        exclusions="rejected and aborted batches; batches without a final result on record",
        subjects=after_laboratory,
    )
)

K1START = register(
    replace(
        K1,
        id="K1start",
        name="Start-to-release time",
        description="From the first step of a batch to its release.",
        formula="median over released batches of t(disposition signed) - t(first step begun)",
        notes="The whole throughput time that ties up stock.",
        effective_from="2026-11-25",
        data_sources="fact batch: batch.started, release.batch.decided",
        start_event="batch.started",
        exclusions="rejected and aborted batches; batches without a start on record",
        subjects=after_start,
    )
)
