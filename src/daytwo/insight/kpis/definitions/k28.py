"""K28, change-induced deviations: what happened in the first ten batches of a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import ratio
from daytwo.insight.kpis.subjects import leave_out, subjects, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts

FIRST = 10
"""Batches of a version that are watched."""


def _population(facts: Facts) -> list[Table]:
    """Return every version of a master batch record that a batch was begun by."""
    return [_versions(facts)]


def induced(facts: Facts) -> Table:
    """Return one subject a version: deviations in its first ten batches.

    References:
        ICH Q10 §3.2.3 (evaluation of a change after its implementation).
    """
    v = _versions(facts)
    return subjects(
        v,
        subject=v.mbr_id + " v" + v.mbr_version.cast("string"),
        kind="version",
        rules=[
            leave_out(v.mbr_version <= 1, "first version: no change"),
            waiting(v.batches < FIRST),
        ],
        numerator=v.deviations,
        denominator=1,
        start_us=v.first_us,
        stop_us=v.last_us,
        dimensions={"mbr": v.mbr_id},
    )


def _versions(facts: Facts) -> Table:
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    b = facts.table("batch")
    known = b.started_us.notnull() & b.mbr_id.notnull() & (b.mbr_id != "")
    b = b.filter(known & b.mbr_version.notnull())
    order = ibis.window(
        group_by=["site", "mbr_id", "mbr_version"], order_by=[b.started_us, b.batch_id]
    )
    b = b.mutate(place=ibis.row_number().over(order))
    b = b.filter(b.place < FIRST)
    return b.group_by(["site", "mbr_id", "mbr_version", "product_code"]).aggregate(
        batches=b.count(),
        deviations=b.deviations.sum(),
        first_us=b.started_us.min(),
        last_us=b.started_us.max(),
        seq_first=b.seq_first.min(),
        seq_last=b.seq_last.max(),
    )


K28 = register(
    Definition(
        id="K28",
        version=1,
        name="Deviations after a change",
        description="Deviations in the first ten batches of a new version.",
        scope="product, master batch record",
        formula="deviations of the first 10 batches of a version / versions",
        unit="per version",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality, authors",
        effect_model="analysis and validation of a change, training",
        notes="All deviations of these batches, whether the change is behind them or not: compare"
        " with K9, which gives what is usual for ten batches.",
        owner="Head of quality",
        data_sources="fact batch: batch.started, quality.deviation.recorded",
        start_event="batch.started, the first one by the version",
        stop_event="batch.started, the tenth one by the version",
        cohort="versions by the start of their tenth batch",
        exclusions="first versions",
        minimum_n=6,
        sensitivity="Rarely made products take long to come to ten batches.",
        guard="K26 change cycle time",
        references="ICH Q10 §3.2.3",
        statistic=ratio(1),
        population=_population,
        subjects=induced,
        dimensions=("site", "product_code", "mbr"),
    )
)
