"""K2, record assembly time: from the end of manufacture until nothing is missing in the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import times
from daytwo.insight.kpis.subjects import (
    BATCH_DIMENSIONS,
    HOUR_US,
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


def assembled(facts: Facts) -> Table:
    """Return one subject a batch, in hours from the end of manufacture to a complete record.

    References:
        21 CFR 211.188 (complete information); EU GMP Chapter 4 §4.20.
    """
    b = facts.table("batch")
    complete = b.completeness_us
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(complete.isnull() & b.aborted_us.notnull(), "aborted"),
            lacking(
                b.ended_us.isnull() & (complete.notnull() | b.decided_us.notnull()),
                "no end of manufacture recorded",
            ),
            leave_out(b.ended_us.isnull(), "manufacture has not ended"),
            lacking(
                complete.isnull() & (b.submitted_us.notnull() | b.decided_us.notnull()),
                "no check of completeness recorded",
            ),
            waiting(complete.isnull()),
        ],
        value=(complete - b.ended_us).cast("float64") / HOUR_US,
        start_us=b.ended_us,
        stop_us=complete.coalesce(b.decided_us, b.submitted_us, b.aborted_us, b.planned_us),
        start_seq=b.ended_seq,
        stop_seq=b.completeness_seq,
    )


K2 = register(
    Definition(
        id="K2",
        version=1,
        name="Record assembly time",
        description="How long it takes after the last step until nothing is missing in the record.",
        scope="product, batch",
        formula="median over batches of t(completeness passed) - t(end of manufacture)",
        unit="h",
        range="0 to infinity",
        trend="lower is better",
        audience="management, supervision",
        effect_model="missing and late entries, back-entry from paper, corrections",
        notes="The hidden leg of release. A record that is completed and reviewed by production in"
        " one act has no such time of its own.",
        owner="Head of production",
        data_sources="fact batch: batch.manufacture.ended, release.completeness.passed",
        start_event="batch.manufacture.ended",
        stop_event="release.completeness.passed, the first one",
        cohort="batches whose record became complete, by that time",
        exclusions="aborted batches; batches that have not ended; no completeness check on record",
        minimum_n=6,
        sensitivity="A check that passes what is incomplete shortens it: see returns.",
        guard="K7a record right-first-time",
        references="21 CFR 211.188; progress-lifesciences.nl, efficient and timely batch review",
        statistic=times("h"),
        population=_population,
        subjects=assembled,
        dimensions=BATCH_DIMENSIONS,
    )
)
