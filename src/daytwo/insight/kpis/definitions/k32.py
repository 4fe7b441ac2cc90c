"""K32, late entries: written down long after the activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.batchsteps import of_batches, population
from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import ratio
from daytwo.insight.kpis.subjects import BATCH_DIMENSIONS

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def late(facts: Facts) -> Table:
    """Return one subject a batch: entries written down late, and entries.

    References:
        21 CFR 211.188(b) (contemporaneous); WHO TRS 996 annex 5 (ALCOA).
    """
    return of_batches(facts, "late_entries", "entries", "no entry on record")


K32 = register(
    Definition(
        id="K32",
        version=1,
        name="Late-entry rate",
        description="Share of entries written down more than half an hour after the activity.",
        scope="product, line",
        formula="entries with server time - declared time of the activity > 30 min / entries",
        unit="%",
        range="0 to 100",
        trend="lower is better",
        audience="management, quality, supervision",
        effect_model="terminals too far, paper notes, system down",
        notes="The C of ALCOA, measured for free.",
        owner="Head of quality",
        data_sources="fact batch: batch.step.value_entered (time of the act, time of the record)",
        start_event="none",
        stop_event="batch.manufacture.ended",
        cohort="batches manufactured, by their end of manufacture",
        exclusions="aborted and unfinished batches; batches without an entry on record",
        minimum_n=10,
        sensitivity="An activity declared as now is never late.",
        guard="K8 documentation errors",
        references="21 CFR 211.188(b); WHO TRS 996 annex 5",
        statistic=ratio(100),
        population=population,
        subjects=late,
        dimensions=BATCH_DIMENSIONS,
    )
)
