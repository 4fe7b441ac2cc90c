"""K15, human-error share: how many closed deviations were put down to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import share
from daytwo.insight.kpis.subjects import certain, subjects, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every deviation."""
    return [facts.table("deviation")]


def blamed(facts: Facts) -> Table:
    """Return one subject a closed deviation: 1 when its final cause is human error.

    References:
        EU GMP Chapter 1 §1.4 (xiv): human error needs a justification.
    """
    d = facts.table("deviation")
    category = d.category.strip().lower().replace(" ", "_")
    return subjects(
        d,
        subject=d.deviation_id,
        kind="deviation",
        rules=[waiting(d.closed_us.isnull())],
        numerator=certain(category == "human_error"),
        denominator=1,
        start_us=d.recorded_us.coalesce(d.detected_us, d.occurred_us),
        stop_us=d.closed_us,
        stop_seq=d.closed_seq,
        happened_us=d.occurred_us.coalesce(d.detected_us),
    )


K15 = register(
    Definition(
        id="K15",
        version=1,
        name="Human-error share",
        description="Share of closed deviations whose final cause is human error.",
        scope="site, area",
        formula="deviations closed with the cause human error / deviations closed",
        unit="%",
        range="0 to 100",
        trend="context: a high share says that causes are not found",
        audience="management, quality",
        effect_model="quality of investigations, training as the easy action",
        notes="Wrong in some 57 % of the cases in which it is claimed (Locwin). What has no cause"
        " at all is in K12none.",
        owner="Head of quality",
        data_sources="fact deviation: quality.deviation.root_cause_approved, .closed",
        start_event="quality.deviation.recorded",
        stop_event="quality.deviation.closed, the first one",
        cohort="deviations closed, by the time of their first closure",
        exclusions="none",
        minimum_n=10,
        sensitivity="A list of causes without an entry for people hides it.",
        guard="K12 repeat deviations",
        references="EU GMP Chapter 1 §1.4 (xiv); Locwin, pharmaceuticalonline.com; gmppros.com",
        statistic=share(),
        population=_population,
        subjects=blamed,
        dimensions=("site", "product_code", "line", "severity", "area", "equipment_id", "shift"),
    )
)
