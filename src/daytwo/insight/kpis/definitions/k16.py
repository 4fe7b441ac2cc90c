"""K16, lot acceptance rate, by three definitions with three denominators."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import share
from daytwo.insight.kpis.subjects import (
    BATCH_DIMENSIONS,
    Rule,
    lacking,
    leave_out,
    subjects,
    together,
    waiting,
)

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts

NOT_STARTED = "not started"


def _population(facts: Facts) -> list[Table]:
    """Return every batch."""
    return [facts.table("batch")]


def _started_and_decided(facts: Facts) -> list[Table]:
    """Return every batch twice: once for its start, once for its disposition."""
    return [facts.table("batch"), facts.table("batch")]


def fda_2016(facts: Facts) -> Table:
    """Return one subject a lot started, and one a lot decided: 1 when accepted.

    References:
        FDA, Submission of Quality Metrics Data (draft, 2016): lots accepted / lots started.
    """
    b = facts.table("batch")
    accepted = _decided(b, "a disposition", (b.decision == "released").cast("int64"))
    return together(_started(b, 0), accepted)


def fda_2015(facts: Facts) -> Table:
    """Return one subject a lot attempted: 1; and one a specification-related rejection: -1.

    References:
        FDA, Request for Quality Metrics (draft, 2015): 1 - specification-related rejected lots /
        lots attempted.
    """
    b, o = facts.table("batch"), facts.table("oos")
    failed = o.filter((o.subject_kind == "batch") & (o.outcome == "confirmed"))
    failed = failed.select(failed_site=failed.site, failed_id=failed.subject_id).distinct()
    judged = b.left_join(failed, [b.site == failed.failed_site, b.batch_id == failed.failed_id])
    judged = judged.drop("failed_site")
    rejected = (judged.decision == "rejected") & judged.failed_id.notnull()
    return together(_started(b, 1), _decided(judged, "a disposition", -rejected.cast("int64")))


def ispe(facts: Facts) -> Table:
    """Return one subject a lot finally dispositioned: 1 when released.

    References:
        ISPE Quality Metrics pilot: released / finally dispositioned.
    """
    b = facts.table("batch")
    undecided = b.decided_us.isnull()
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(undecided & b.aborted_us.notnull(), "aborted"),
            waiting(undecided & b.started_us.notnull()),
            leave_out(undecided, NOT_STARTED),
        ],
        numerator=b.decision == "released",
        denominator=1,
        start_us=b.started_us,
        stop_us=b.decided_us.coalesce(b.aborted_us, b.started_us, b.planned_us),
        stop_seq=b.decided_seq,
    )


def _started(b: Table, numerator: float) -> Table:
    late = b.started_us.isnull() & b.decided_us.notnull()
    return subjects(
        b,
        subject=b.batch_id,
        kind="start",
        rules=[
            lacking(late, "no start recorded"),
            leave_out(b.started_us.isnull(), NOT_STARTED),
        ],
        numerator=numerator,
        denominator=1,
        stop_us=b.started_us.coalesce(b.decided_us, b.planned_us),
        stop_seq=b.started_seq,
    )


def _decided(b: Table, kind: str, numerator: Any) -> Table:
    undecided = b.decided_us.isnull()
    return subjects(
        b,
        subject=b.batch_id,
        kind=kind,
        rules=[
            leave_out(undecided & b.aborted_us.notnull(), "aborted"),
            Rule(undecided & b.started_us.notnull(), "", state="open"),
            leave_out(undecided, NOT_STARTED),
        ],
        numerator=numerator,
        denominator=0,
        start_us=b.started_us,
        stop_us=b.decided_us.coalesce(b.aborted_us, b.started_us, b.planned_us),
        stop_seq=b.decided_seq,
    )


K16FDA2016 = register(
    Definition(
        id="K16fda2016",
        version=1,
        name="Lot acceptance rate (FDA 2016)",
        description="Lots accepted by lots started in the same period.",
        scope="site, product",
        formula="lots released / lots started",
        unit="%",
        range="0 to 100, above where a backlog is released",
        trend="higher is better",
        audience="management, quality",
        effect_model="rejections, aborted lots, lots that still wait",
        notes="One of three denominators; never compare across them. A lot is counted when it is"
        " started and, with its disposition, when it is accepted.",
        owner="Head of quality",
        data_sources="fact batch: batch.started, release.batch.decided",
        start_event="batch.started",
        stop_event="release.batch.decided",
        cohort="starts by the time of the start, acceptances by the time of the disposition",
        exclusions="lots that were not started",
        minimum_n=10,
        sensitivity="High nineties nearly everywhere: industry told FDA that it does not tell good"
        " sites from bad ones.",
        guard="K7b lot right-first-time",
        references="FDA draft guidance (2016) via pharmtech.com; Pink Sheet PS144045",
        statistic=share(),
        population=_started_and_decided,
        subjects=fda_2016,
        dimensions=BATCH_DIMENSIONS,
    )
)

K16ISPE = register(
    replace(
        K16FDA2016,
        id="K16ispe",
        name="Lot acceptance rate (ISPE)",
        description="Lots released by lots finally dispositioned.",
        formula="lots released / lots finally dispositioned",
        range="0 to 100",
        notes="One of three denominators. Lots on hold, in rework or undecided are open.",
        cohort="lots finally dispositioned, by the time of their disposition",
        exclusions="lots that were not started, or aborted without a disposition",
        references="ISPE Quality Metrics pilot definitions, https://studylib.net/doc/12741708/",
        population=_population,
        subjects=ispe,
    )
)

K16FDA2015 = register(
    replace(
        K16FDA2016,
        id="K16fda2015",
        name="Lot acceptance rate (FDA 2015)",
        description="One minus specification-related rejections by lots attempted.",
        formula="1 - lots rejected with a confirmed out-of-specification result / lots attempted",
        notes="One of three denominators. A rejection is specification-related when a result out of"
        " specification was confirmed for the lot.",
        data_sources="facts batch and oos: batch.started, laboratory.oos.confirmed,"
        " release.batch.decided",
        references="FDA draft guidance (2015) via biopharminternational.com",
        subjects=fda_2015,
    )
)
