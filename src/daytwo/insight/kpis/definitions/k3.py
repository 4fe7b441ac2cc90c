"""K3, review touch time: how long somebody really looks at a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import median
from daytwo.insight.kpis.subjects import BATCH_DIMENSIONS, lacking, leave_out, subjects, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every batch."""
    return [facts.table("batch")]


def touched(facts: Facts) -> Table:
    """Return one subject a batch, in hours of active review by quality.

    References:
        21 CFR 211.192; EU GMP Annex 11 §9.
    """
    b, r = facts.table("batch"), facts.table("review")
    looked = r.filter((r.function == "quality") & r.active_min.notnull())
    looked = looked.group_by(review_site="site", reviewed_id="batch_id").aggregate(
        minutes=looked.active_min.sum()
    )
    b = b.left_join(looked, [b.site == looked.review_site, b.batch_id == looked.reviewed_id])
    b = b.drop("review_site", "reviewed_id")
    undecided = b.decided_us.isnull()
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(undecided & b.aborted_us.notnull(), "aborted"),
            waiting(undecided & b.ended_us.notnull()),
            leave_out(undecided, "manufacture has not ended"),
            lacking(b.minutes.isnull(), "no review session with its active time recorded"),
        ],
        value=b.minutes / 60,
        start_us=b.ended_us,
        stop_us=b.decided_us.coalesce(b.aborted_us, b.started_us, b.planned_us),
        stop_seq=b.decided_seq,
    )


K3 = register(
    Definition(
        id="K3",
        version=1,
        name="Quality review touch time",
        description="How long quality actively looks at the record of a batch.",
        scope="product, batch",
        formula="median over batches of the sum of active minutes in quality's review / 60",
        unit="h",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality",
        effect_model="exceptions, returns, size of the record, review by exception",
        notes="Not elapsed time: five minutes without a movement end the counting.",
        owner="Head of quality",
        data_sources="facts batch and review: release.review.closed",
        start_event="release.review.opened",
        stop_event="release.review.closed, all sessions until the disposition",
        cohort="batches finally decided, by the time of their disposition",
        exclusions="aborted batches; batches without a session whose active time is known",
        minimum_n=6,
        sensitivity="Looking away from the screen is not seen; printing the record hides it all.",
        guard="K9 deviation rate; K18 complaints",
        references="21 CFR 211.192; appitsoftware.com (vendor): 5-15 h a paper record",
        statistic=median(),
        population=_population,
        subjects=touched,
        dimensions=BATCH_DIMENSIONS,
    )
)
