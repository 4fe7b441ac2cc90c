"""K12, repeat-deviation rate: closed deviations whose cause had struck there within a year."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import share
from daytwo.insight.kpis.subjects import (
    DAY_US,
    DEVIATION_DIMENSIONS,
    certain,
    lacking,
    subjects,
    waiting,
)

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts

WINDOW_DAYS = 365
"""Twelve months: another one exactly so many days before still counts."""


def _population(facts: Facts) -> list[Table]:
    """Return every deviation."""
    return [facts.table("deviation")]


def repeats(facts: Facts) -> Table:
    """Return one subject a closed deviation: 1 when one of the same cause and place came before.

    References:
        ISPE Quality Metrics pilot, repeat deviations.
    """
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    d = _placed(facts)
    # Of those before it the nearest in time stands next to it: if that one is too far, all are.
    like = ibis.window(
        group_by=["site", "cause", "place"], order_by=[d.at_us.notnull(), "at_us", "deviation_id"]
    )
    d = d.mutate(before_us=d.at_us.lag().over(like))
    within = d.before_us >= d.at_us - WINDOW_DAYS * DAY_US
    return _closed(d, certain(d.cause.notnull() & within))


def without_cause(facts: Facts) -> Table:
    """Return one subject a closed deviation: 1 when no root cause was assigned to it.

    References:
        21 CFR 211.192 (conclusions); ISPE Quality Metrics pilot, phase two.
    """
    d = _placed(facts)
    return _closed(d, d.cause.isnull())


def _placed(facts: Facts) -> Table:
    """Return deviations with `cause` and `place` in one spelling, and when they occurred."""
    d = facts.table("deviation")
    cause = d.root_cause.strip().lower().nullif("")
    place = d.area.strip().lower().nullif("").coalesce(d.process.strip().lower().nullif(""), "")
    at = d.occurred_us.coalesce(d.detected_us, d.recorded_us)
    return d.mutate(cause=cause, place=place, at_us=at)


def _closed(d: Table, is_so: Any) -> Table:
    return subjects(
        d,
        subject=d.deviation_id,
        kind="deviation",
        rules=[
            waiting(d.closed_us.isnull()),
            lacking(d.at_us.isnull(), "no time of the deviation recorded"),
        ],
        numerator=is_so,
        denominator=1,
        start_us=d.recorded_us.coalesce(d.detected_us, d.occurred_us),
        stop_us=d.closed_us,
        stop_seq=d.closed_seq,
        happened_us=d.occurred_us.coalesce(d.detected_us),
    )


K12 = register(
    Definition(
        id="K12",
        version=1,
        name="Repeat-deviation rate",
        description="Share of closed deviations whose root cause had struck at the same place"
        " within the twelve months before.",
        scope="site, area",
        formula="deviations for which in the 365 days before, day 365 included, another occurred"
        " with the same root cause in the same area / deviations closed",
        unit="%",
        range="0 to 100",
        trend="lower is better",
        audience="management, quality",
        effect_model="root causes that are none, actions that do not work",
        notes="Same area; where no area is known, same process. Root causes are compared without"
        " regard to case. The earlier deviation may still be open.",
        owner="Head of quality",
        data_sources="fact deviation: quality.deviation.root_cause_approved, .occurred, .closed",
        start_event="quality.deviation.recorded",
        stop_event="quality.deviation.closed, the first one",
        cohort="deviations closed, by the time of their first closure",
        exclusions="deviations without any time on record",
        minimum_n=10,
        sensitivity="The quality of root-cause codes drives it: read it with K12none and K15.",
        guard="K12none no root cause; K15 human-error share",
        references="ISPE Quality Metrics pilot definitions, continued,"
        " https://star.ouryao.com/thread-260285-1-231.html",
        statistic=share(),
        population=_population,
        subjects=repeats,
        dimensions=DEVIATION_DIMENSIONS,
    )
)

K12NONE = register(
    replace(
        K12,
        id="K12none",
        name="Deviations without a root cause",
        description="Share of closed deviations to which no root cause was assigned.",
        formula="deviations closed without a root cause / deviations closed",
        notes="Beside K12: what has no cause can never be a repeat.",
        sensitivity="A cause of words that say nothing counts as one.",
        guard="K12",
        references="fdanews.com, phase-two quality metrics of ISPE",
        subjects=without_cause,
    )
)
