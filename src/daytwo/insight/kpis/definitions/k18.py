"""K18, product quality complaint rate: complaints for each million dosage units distributed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import rate
from daytwo.insight.kpis.subjects import lacking, leave_out, subjects, together

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every complaint, and every batch that they are set against."""
    return [facts.table("complaint"), facts.table("batch")]


def complaints(facts: Facts) -> Table:
    """Return one subject a complaint by its receipt, and one a batch with its units.

    References:
        FDA, Submission of Quality Metrics Data (draft, 2016); 21 CFR 211.198.
    """
    c, b = facts.table("complaint"), facts.table("batch")
    received = subjects(
        c,
        subject=c.complaint_id,
        kind="complaint",
        rules=[lacking(c.received_us.isnull(), "no time of receipt recorded")],
        numerator=1,
        denominator=0,
        stop_us=c.received_us.coalesce(c.closed_us),
    )
    out = subjects(
        b,
        subject=b.batch_id,
        rules=[leave_out(b.units == 0, "nothing distributed")],
        numerator=0,
        denominator=b.units,
        stop_us=b.decided_us.coalesce(b.ended_us, b.aborted_us, b.started_us, b.planned_us),
        stop_seq=b.decided_seq,
    )
    return together(received, out)


K18 = register(
    Definition(
        id="K18",
        version=1,
        name="Product quality complaint rate",
        description="Complaints for each million dosage units distributed.",
        scope="site, product",
        formula="complaints received / dosage units distributed × 1 000 000",
        unit="per million units",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality",
        effect_model="defects that left the site, how easily people complain",
        notes="Units are counted when their batch was decided, complaints when they came: a product"
        " that is new or taken off needs a longer period.",
        owner="Head of quality",
        data_sources="facts complaint and batch: quality.complaint.received,"
        " release.batch.distributed",
        start_event="none",
        stop_event="quality.complaint.received; release.batch.decided",
        cohort="complaints by their receipt, units by the disposition of their batch",
        exclusions="batches of which nothing was distributed",
        minimum_n=10,
        sensitivity="Complaints come months after the product.",
        guard="K16 lot acceptance",
        references="FDA draft guidance (2016) via pharmtech.com; 21 CFR 211.198",
        statistic=rate(1_000_000),
        population=_population,
        subjects=complaints,
        dimensions=("site", "product_code"),
    )
)
