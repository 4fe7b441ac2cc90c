"""K8, documentation error rate: late, missing, corrected and skipped entries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import ratio
from daytwo.insight.kpis.subjects import BATCH_DIMENSIONS, lacking, leave_out, subjects

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every batch."""
    return [facts.table("batch")]


def per_entry(facts: Facts) -> Table:
    """Return one subject a batch: errors of its documentation, and its entries.

    References:
        21 CFR 211.188; WHO TRS 996 annex 5 (ALCOA).
    """
    return _errors(facts, of_entries=True)


def per_batch(facts: Facts) -> Table:
    """Return one subject a batch: errors of its documentation.

    References:
        21 CFR 211.188; WHO TRS 996 annex 5 (ALCOA).
    """
    return _errors(facts, of_entries=False)


def _errors(facts: Facts, *, of_entries: bool) -> Table:
    b, d = facts.table("batch"), facts.table("discrepancy")
    lost = d.filter(d.code == "missing")
    lost = lost.group_by(lost_site="site", lost_id="batch_id").aggregate(missing_n=lost.count())
    b = b.left_join(lost, [b.site == lost.lost_site, b.batch_id == lost.lost_id])
    b = b.drop("lost_site", "lost_id")
    errors = b.late_entries + b.na_entries + b.corrections_after + b.missing_n.coalesce(0)
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(b.ended_us.isnull() & b.aborted_us.notnull(), "aborted"),
            lacking(b.ended_us.isnull() & b.decided_us.notnull(), "no end of manufacture recorded"),
            leave_out(b.ended_us.isnull(), "manufacture has not ended"),
            lacking(b.entries == 0, "no entry on record"),
        ],
        numerator=errors,
        denominator=b.entries if of_entries else 1,
        stop_us=b.ended_us.coalesce(b.decided_us, b.aborted_us, b.started_us, b.planned_us),
    )


K8 = register(
    Definition(
        id="K8",
        version=1,
        name="Documentation error rate",
        description="Late, missing, corrected and skipped entries for each thousand entries.",
        scope="product, line",
        formula="(late + missing + corrected after sign-off + not-applicable entries) / entries"
        " × 1000",
        unit="per 1000 entries",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality, supervision",
        effect_model="manual entries, missing interfaces, screens, training",
        notes="A typing error mended before the step's signature is none. One entry can err in more"
        " than one way.",
        owner="Head of production",
        data_sources="facts batch and discrepancy: batch.step.value_entered, batch.step.corrected,"
        " batch.discrepancy.raised",
        start_event="none",
        stop_event="batch.manufacture.ended",
        cohort="batches manufactured, by their end of manufacture",
        exclusions="aborted and unfinished batches; batches without an entry on record",
        minimum_n=10,
        sensitivity="Corrections found in review come later: the last weeks look too good.",
        guard="K7a record right-first-time",
        references="21 CFR 211.188; gmppros.com: about half of discrepancies are human error",
        statistic=ratio(1000),
        population=_population,
        subjects=per_entry,
        dimensions=BATCH_DIMENSIONS,
    )
)

K8BATCH = register(
    replace(
        K8,
        id="K8batch",
        name="Documentation errors per batch",
        description="Late, missing, corrected and skipped entries of each batch.",
        formula="(late + missing + corrected after sign-off + not-applicable entries) / batches",
        unit="per batch",
        guard="K8",
        statistic=ratio(1),
        subjects=per_batch,
    )
)
