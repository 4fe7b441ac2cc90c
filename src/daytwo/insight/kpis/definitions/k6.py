"""K6, exceptions per batch, and how many of them were a nuisance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import ratio, share
from daytwo.insight.kpis.subjects import BATCH_DIMENSIONS, lacking, leave_out, subjects, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _batches(facts: Facts) -> list[Table]:
    """Return every batch."""
    return [facts.table("batch")]


def _discrepancies(facts: Facts) -> list[Table]:
    """Return every discrepancy."""
    return [facts.table("discrepancy")]


def per_batch(facts: Facts) -> Table:
    """Return one subject a batch with its number of exceptions.

    References:
        21 CFR 211.100(b); ICH Q10 §3.2.1.
    """
    b = facts.table("batch")
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(b.ended_us.isnull() & b.aborted_us.notnull(), "aborted"),
            lacking(b.ended_us.isnull() & b.decided_us.notnull(), "no end of manufacture recorded"),
            leave_out(b.ended_us.isnull(), "manufacture has not ended"),
            lacking(b.steps == 0, "no step on record"),
        ],
        numerator=b.discrepancies,
        denominator=1,
        stop_us=b.ended_us.coalesce(b.decided_us, b.aborted_us, b.started_us, b.planned_us),
        start_seq=b.seq_first,
    )


def nuisances(facts: Facts) -> Table:
    """Return one subject an exception: 1 when quality judged that it needs nothing but a comment.

    References:
        EU GMP Annex 11 §8; ICH Q9 (effort in line with risk).
    """
    d = facts.table("discrepancy")
    judged = d.route.notnull() & (d.route != "")
    return subjects(
        d,
        subject=d.discrepancy_id,
        kind="discrepancy",
        rules=[
            waiting(d.closed_us.isnull() & ~judged),
            lacking(~judged, "closed without a judgement of quality"),
        ],
        numerator=d.route == "comment",
        denominator=1,
        start_us=d.raised_us,
        stop_us=d.closed_us.coalesce(d.answered_us, d.raised_us),
        start_seq=d.raised_seq,
    )


K6 = register(
    Definition(
        id="K6",
        version=1,
        name="Exceptions per batch",
        description="Discrepancies raised for each batch manufactured.",
        scope="product, line",
        formula="discrepancies / batches manufactured",
        unit="per batch",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality, supervision",
        effect_model="limits, equipment, materials, training, rules that are wrong",
        notes="Read it with K6nuisance: what is never of use should not be raised.",
        owner="Head of production",
        data_sources="fact batch: batch.discrepancy.raised, batch.manufacture.ended",
        start_event="none",
        stop_event="batch.manufacture.ended",
        cohort="batches manufactured, by their end of manufacture",
        exclusions="aborted and unfinished batches; batches without a step on record",
        minimum_n=10,
        sensitivity="Wider limits lower it without making anything better.",
        guard="K9 deviation rate; K7c process right-first-time",
        references="21 CFR 211.100(b); railes.com (vendor): 85 % of exceptions are documentation",
        statistic=ratio(1),
        population=_batches,
        subjects=per_batch,
        dimensions=BATCH_DIMENSIONS,
    )
)

K6NUISANCE = register(
    replace(
        K6,
        id="K6nuisance",
        name="Nuisance exceptions",
        description="Share of judged exceptions that needed nothing but a comment.",
        scope="product, kind of exception",
        formula="discrepancies routed to a comment / discrepancies judged",
        unit="%",
        range="0 to 100",
        notes="Above some 30 % the rule that raises them is wrong (a choice of design, no source).",
        data_sources="fact discrepancy: quality.discrepancy.classified",
        start_event="batch.discrepancy.raised",
        stop_event="batch.discrepancy.closed",
        cohort="discrepancies closed, by the time of their closure",
        exclusions="discrepancies closed without a judgement of quality",
        sensitivity="Judging everything as a comment raises it without a rule being wrong.",
        statistic=share(),
        population=_discrepancies,
        subjects=nuisances,
        dimensions=("site", "product_code", "line", "severity", "origin"),
    )
)
