"""K27, review rounds of a master batch record, and how many versions passed the first one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import ratio, share
from daytwo.insight.kpis.subjects import leave_out, subjects, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every version of a master batch record."""
    return [facts.table("mbr_change")]


def returns(facts: Facts) -> Table:
    """Return one subject an approved version: how often it was sent back.

    References:
        EU GMP Chapter 4 §4.3 (approved by appropriate and authorised persons).
    """
    m = facts.table("mbr_change")
    return _approved(m, m.returned)


def first_pass(facts: Facts) -> Table:
    """Return one subject an approved version: 1 when it was never sent back.

    References:
        EU GMP Chapter 4 §4.3.
    """
    m = facts.table("mbr_change")
    return _approved(m, m.returned == 0)


def _approved(m: Table, numerator: Any) -> Table:
    return subjects(
        m,
        subject=m.mbr_id + " v" + m.version.cast("string"),
        kind="version",
        rules=[
            leave_out(m.submitted_us.isnull() & m.approved_us.isnull(), "not submitted"),
            waiting(m.approved_us.isnull()),
        ],
        numerator=numerator,
        denominator=1,
        start_us=m.submitted_us,
        stop_us=m.approved_us.coalesce(m.submitted_us, m.drafted_us, m.requested_us),
        dimensions={"mbr": m.mbr_id},
    )


K27 = register(
    Definition(
        id="K27",
        version=1,
        name="Rejections of a master batch record",
        description="How often a version is sent back before it is approved.",
        scope="product, master batch record",
        formula="times sent back / versions approved",
        unit="per version",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality, authors",
        effect_model="authoring standards, analysis before submission, reviewers",
        notes="Of approved versions; those in review are open.",
        owner="Head of production",
        data_sources="fact mbr_change: mbr.version.submitted, .returned, .approved",
        start_event="mbr.version.submitted",
        stop_event="mbr.version.approved",
        cohort="versions by the time of their approval",
        exclusions="versions that were not submitted",
        minimum_n=10,
        sensitivity="Comments settled before the submission are not seen.",
        guard="K28 change-induced deviations",
        references="EU GMP Chapter 4 §4.3",
        statistic=ratio(1),
        population=_population,
        subjects=returns,
        dimensions=("site", "product_code", "mbr", "origin"),
    )
)

K27FIRST = register(
    replace(
        K27,
        id="K27first",
        name="First-pass approval of master batch records",
        description="Share of versions that were approved without being sent back.",
        formula="versions approved in round 1 / versions approved",
        unit="%",
        range="0 to 100",
        trend="higher is better",
        statistic=share(),
        subjects=first_pass,
    )
)
