"""K9, deviation rate: deviations opened, or closed, for each hundred batches manufactured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import rate
from daytwo.insight.kpis.subjects import (
    lacking,
    leave_out,
    subjects,
    together,
    waiting,
    with_version,
)

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every deviation, and every batch that they are set against."""
    return [facts.table("deviation"), facts.table("batch")]


def opened(facts: Facts) -> Table:
    """Return one subject a deviation by its opening, and one a batch by its end of manufacture.

    References:
        21 CFR 211.192; EU GMP Chapter 1 §1.4 (xiv).
    """
    d = with_version(facts, facts.table("deviation"))
    at = d.recorded_us.coalesce(d.detected_us)
    events = subjects(
        d,
        subject=d.deviation_id,
        kind="deviation",
        rules=[lacking(at.isnull(), "no date of the deviation recorded")],
        numerator=1,
        denominator=0,
        stop_us=at,
        stop_seq=d.recorded_seq.coalesce(d.seq_first),
    )
    return together(events, _manufactured(facts))


def closed(facts: Facts) -> Table:
    """Return one subject a deviation by its first closure, and one a batch.

    References:
        ISPE Quality Metrics pilot: deviations closed in the period.
    """
    d = with_version(facts, facts.table("deviation"))
    events = subjects(
        d,
        subject=d.deviation_id,
        kind="deviation",
        rules=[waiting(d.closed_us.isnull())],
        numerator=1,
        denominator=0,
        start_us=d.recorded_us.coalesce(d.detected_us),
        stop_us=d.closed_us,
        stop_seq=d.closed_seq.coalesce(d.seq_last),
    )
    return together(events, _manufactured(facts))


def _manufactured(facts: Facts) -> Table:
    """Return one subject a batch: the exposure, from its end of manufacture on."""
    b = facts.table("batch")
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(b.ended_us.isnull() & b.aborted_us.notnull(), "batch aborted"),
            lacking(b.ended_us.isnull() & b.decided_us.notnull(), "no end of manufacture recorded"),
            leave_out(b.ended_us.isnull(), "manufacture has not ended"),
        ],
        numerator=0,
        denominator=1,
        stop_us=b.ended_us.coalesce(b.decided_us, b.aborted_us, b.started_us, b.planned_us),
        stop_seq=b.ended_seq,
    )


K9 = register(
    Definition(
        id="K9",
        version=1,
        name="Deviation rate",
        description="Deviations opened for each hundred batches manufactured.",
        scope="product, line",
        formula="deviations opened / batches manufactured × 100",
        unit="per 100 batches",
        range="0 to infinity",
        trend="context: a fall may be under-reporting",
        audience="management, quality",
        effect_model="process capability, equipment, entries outside limits, reporting culture",
        notes="Deviations of no batch are in the numerator of the site, in none of a product.",
        owner="Head of quality",
        data_sources="facts deviation and batch: quality.deviation.recorded,"
        " batch.manufacture.ended",
        start_event="none",
        stop_event="quality.deviation.recorded; batch.manufacture.ended",
        cohort="deviations by the time of their opening, batches by their end of manufacture",
        exclusions="batches that were aborted or are not finished",
        minimum_n=10,
        sensitivity="Reporting culture: pair it with what is reported without harm.",
        guard="K6 exceptions per batch; K10 resolution time",
        references="21 CFR 211.192; Garwood (1936) for the interval",
        statistic=rate(100),
        population=_population,
        subjects=opened,
        dimensions=("site", "product_code", "line", "mbr"),
    )
)

K9ISPE = register(
    replace(
        K9,
        id="K9ispe",
        name="Deviation rate by closure",
        description="Deviations closed for each hundred batches manufactured.",
        formula="deviations closed / batches manufactured × 100",
        notes="As in the pilot of ISPE; differs from K9 by what the backlog does.",
        stop_event="quality.deviation.closed; batch.manufacture.ended",
        cohort="deviations by the time of their first closure, batches by their end of manufacture",
        sensitivity="Rises when a backlog is worked off.",
        guard="K9",
        references="ISPE Quality Metrics pilot definitions, continued,"
        " https://star.ouryao.com/thread-260285-1-231.html",
        subjects=closed,
    )
)
