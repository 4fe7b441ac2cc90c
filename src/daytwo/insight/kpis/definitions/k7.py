"""K7, right-first-time, in four variants that are never mixed: record, lot, process, first pass."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import share
from daytwo.insight.kpis.subjects import (
    BATCH_DIMENSIONS,
    certain,
    lacking,
    leave_out,
    subjects,
    waiting,
)

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts, Rule


def _population(facts: Facts) -> list[Table]:
    """Return every batch."""
    return [facts.table("batch")]


def records(facts: Facts) -> Table:
    """Return one subject a batch: 1 when nothing was corrected after a step's sign-off.

    References:
        21 CFR 211.188; EU GMP Annex 11 §9 (corrections).
    """
    b = facts.table("batch")
    unread = leave_out(b.reviewed_us.isnull() & b.qa_closed_us.isnull(), "record not reviewed")
    return _lots(b, b.corrections_after == 0, unread)


def lots(facts: Facts) -> Table:
    """Return one subject a batch: 1 when it was not reworked or reprocessed.

    References:
        ISPE Quality Metrics pilot, lot right-first-time; 21 CFR 211.115.
    """
    b = facts.table("batch")
    return _lots(b, ~certain(b.reworked))


def process(facts: Facts) -> Table:
    """Return one subject a batch: 1 without deviation, rework or rejection.

    References:
        ICH Q10 §3.2.1 (process performance).
    """
    b = facts.table("batch")
    return _lots(b, (b.deviations == 0) & ~certain(b.reworked) & (b.decision != "rejected"))


def first_pass(facts: Facts) -> Table:
    """Return one subject a batch: 1 when every final test passed and nothing was reworked.

    An out-of-specification result that was invalidated is an error of measurement: the lot is good.

    References:
        ISO 22400-2 (first pass yield = good parts / inspected parts).
    """
    b, r, o = facts.table("batch"), facts.table("result"), facts.table("oos")
    errors = o.filter(o.outcome == "invalidated").select(error_site="site", error_id="result_id")
    failed = r.filter((r.kind == "result") & (r.stage == "final") & (r.verdict == "oos"))
    failed = failed.anti_join(
        errors.distinct(),
        [failed.site == errors.error_site, failed.result_id == errors.error_id],
    )
    failed = failed.select(failed_site=failed.site, failed_id=failed.batch_id).distinct()
    same = [b.site == failed.failed_site, b.batch_id == failed.failed_id]
    inspected = b.left_join(failed, same).drop("failed_site")
    good = inspected.failed_id.isnull() & ~certain(inspected.reworked)
    untested = lacking(inspected.lab_final_us.isnull(), "no final laboratory result recorded")
    return _lots(inspected, good, untested)


def _lots(b: Table, good: Any, *more: Rule) -> Table:
    undecided = b.decided_us.isnull()
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(undecided & b.aborted_us.notnull(), "aborted"),
            waiting(undecided & b.ended_us.notnull()),
            leave_out(undecided, "manufacture has not ended"),
            lacking(b.steps == 0, "no step on record"),
            *more,
        ],
        numerator=good,
        denominator=1,
        start_us=b.ended_us,
        stop_us=b.decided_us.coalesce(b.aborted_us, b.started_us, b.planned_us),
        stop_seq=b.decided_seq.coalesce(b.seq_last),
    )


K7A = register(
    Definition(
        id="K7a",
        version=1,
        name="Right first time: record",
        description="Share of batch records in which nothing was corrected after sign-off.",
        scope="product, batch",
        formula="batch records without a correction after a step's sign-off / records reviewed",
        unit="%",
        range="0 to 100",
        trend="higher is better",
        audience="management, quality, supervision",
        effect_model="late entries, manual entries, limits that are wrong, training",
        notes="Variant a of four; they differ by tens of points and are never mixed. A typing error"
        " mended before the step's signature is none.",
        owner="Head of quality",
        data_sources="fact batch: batch.entry.corrected, release.record.reviewed",
        start_event="batch.manufacture.ended",
        stop_event="release.batch.decided",
        cohort="batches finally decided, by the time of their disposition",
        exclusions="batches whose record is not reviewed; aborted ones; those without a step on"
        " record",
        minimum_n=10,
        sensitivity="Rises when corrections are made before signing, or not made at all.",
        guard="K8 documentation errors; K9 deviations",
        references="21 CFR 211.188; MESA via Pharmaceutical Manufacturing (2005): 50-80 % of paper"
        " records contain errors",
        statistic=share(),
        population=_population,
        subjects=records,
        dimensions=BATCH_DIMENSIONS,
    )
)

K7B = register(
    replace(
        K7A,
        id="K7b",
        name="Right first time: lot",
        description="Share of lots that were neither reworked nor reprocessed.",
        formula="lots without rework or reprocessing / lots finally dispositioned",
        notes="Variant b of four, as in the pilot of ISPE.",
        data_sources="fact batch: batch.rework.started, release.batch.decided",
        exclusions="aborted batches without a disposition; those without a step on record",
        sensitivity="Blind to rework that is booked as part of the process.",
        guard="K16 lot acceptance",
        references="ISPE Quality Metrics pilot definitions, https://studylib.net/doc/12741708/",
        subjects=lots,
    )
)

K7C = register(
    replace(
        K7A,
        id="K7c",
        name="Right first time: process",
        description="Share of lots that passed without deviation, rework or rejection.",
        formula="lots with no deviation, rework or rejection / lots finally dispositioned",
        notes="Variant c of four, the strictest.",
        data_sources="fact batch: quality.deviation.recorded, batch.rework.started,"
        " release.batch.decided",
        exclusions="aborted batches without a disposition; those without a step on record",
        sensitivity="Rises when deviations are not reported: read it with K9.",
        guard="K9 deviation rate",
        references="ICH Q10 §3.2.1; qualityexecutivepartners.com, quality metrics in pharma",
        subjects=process,
    )
)

K7D = register(
    replace(
        K7A,
        id="K7d",
        name="First pass yield",
        description="Share of inspected lots that passed every final test the first time.",
        formula="good lots / inspected lots (GP / IP), counted in lots",
        notes="Variant d of four. Lots instead of parts: single units are not inspected.",
        data_sources="facts batch, result, oos: laboratory.result.final,"
        " laboratory.oos.invalidated",
        exclusions="aborted batches without a disposition; those without a step or a final result"
        " on record",
        sensitivity="An out-of-specification result that is invalidated does not count: see K17.",
        guard="K17 invalidated OOS rate",
        references="ISO 22400-2, first pass yield",
        subjects=first_pass,
    )
)
