"""K33, signature burden: signatures of a batch, and how many of them on steps that run alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.batchsteps import of_batches, population
from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import ratio
from daytwo.insight.kpis.subjects import BATCH_DIMENSIONS

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def burden(facts: Facts) -> Table:
    """Return one subject a batch with its signatures, those of witnesses among them.

    References:
        21 CFR 211.188(b)(11), 211.68(c).
    """
    return of_batches(facts, "signatures", "", "no step on record")


def automated(facts: Facts) -> Table:
    """Return one subject a batch: signatures on steps that run by themselves, and signatures.

    References:
        21 CFR 211.68(c): one check is enough where equipment does the step.
    """
    return of_batches(facts, "automated_signatures", "signatures", "no signature on record")


K33 = register(
    Definition(
        id="K33",
        version=1,
        name="Signature burden",
        description="Signatures for each batch manufactured, those of witnesses among them.",
        scope="product, master batch record",
        formula="signatures / batches manufactured",
        unit="per batch",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality, authors",
        effect_model="masters that ask for more than the rules do",
        notes="Fewer is better down to what the rules ask for.",
        owner="Head of quality",
        data_sources="fact batch: access.signature.applied, batch.step.signed",
        start_event="none",
        stop_event="batch.manufacture.ended",
        cohort="batches manufactured, by their end of manufacture",
        exclusions="aborted and unfinished batches; batches without a step on record",
        minimum_n=10,
        sensitivity="Signatures of review come later: the last weeks look too good.",
        guard="K7a record right-first-time",
        references="21 CFR 211.188(b)(11), 211.68(c)",
        statistic=ratio(1),
        population=population,
        subjects=burden,
        dimensions=BATCH_DIMENSIONS,
    )
)

K33AUTOMATED = register(
    replace(
        K33,
        id="K33automated",
        name="Signatures on automated steps",
        description="Share of signatures that were given on steps that run by themselves.",
        formula="signatures on automated steps / signatures",
        unit="%",
        range="0 to 100",
        exclusions="aborted and unfinished batches; batches without a signature on record",
        statistic=ratio(100),
        subjects=automated,
    )
)
