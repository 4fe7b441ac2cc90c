"""K1, batch release cycle time: from the end of manufacture to the signed release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, Observation, register

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.facts.batch import BatchFact

SECONDS_PER_DAY = 86_400


def observe(batches: Sequence[BatchFact]) -> list[Observation]:
    """Return one observation a batch.

    Returns:
        Values in days (24/7 calendar), one row a batch, none dropped.

    References:
        21 CFR 211.192 (review before release); EU GMP Annex 16.
    """
    return [_observe(batch) for batch in batches]


def _observe(batch: BatchFact) -> Observation:
    name, ended, decided = batch.batch_id, batch.ended, batch.decided
    start = ended.seq if ended else None
    if decided is None:
        if ended is not None:
            return Observation(name, None, open=True, start_seq=start)
        if batch.origin == "import":
            return Observation(
                name, None, "the source gives neither end nor disposition", missing=True
            )
        return Observation(name, None, "manufacture has not ended")
    if ended is None:
        return Observation(
            name, None, "no end of manufacture recorded", missing=True, stop_seq=decided.seq
        )
    at = decided.at.isoformat()
    if batch.decision != "released":
        return Observation(
            name, None, "rejected, shown apart", start_seq=start, stop_seq=decided.seq, at=at
        )
    days = (decided.at - ended.at).total_seconds() / SECONDS_PER_DAY
    return Observation(name, days, start_seq=start, stop_seq=decided.seq, at=at)


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
        timing="on demand, fresh within a second",
        audience="management, quality, supervision",
        production_methodology="batch",
        effect_model="assembly, production review, laboratory wait, deviation wait, QA decision",
        notes="Median and P90, never the mean alone. Imported batches count once their source"
        " tells both times.",
        effective_from="2026-11-23",
        owner="Head of quality",
        data_sources="ledger: batch.manufacture.ended, release.batch.decided",
        start_event="batch.manufacture.ended",
        stop_event="release.batch.decided with decision released",
        calendar="24/7",
        cohort="batches released, by the time of their disposition",
        exclusions="rejected batches; batches without an end of manufacture on record",
        minimum_n=6,
        sensitivity="Slow batches that are still open are not in the median: see the open count.",
        guard="K9 deviations after release; K7 right-first-time",
        references="21 CFR 211.192; EU GMP Annex 16; ISO 22400-1 §4.3",
        observe=observe,
    )
)
