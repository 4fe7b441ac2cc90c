"""K26, change cycle time of a master batch record, whole and in its legs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import times
from daytwo.insight.kpis.subjects import DAY_US, lacking, leave_out, subjects, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table, Value

    from daytwo.insight.kpis.subjects import Facts

LEGS = {
    "K26wait": ("requested", "drafted", "Wait for an author"),
    "K26author": ("drafted", "submitted", "Authoring"),
    "K26review": ("submitted", "approved", "Review rounds"),
    "K26validation": ("approved", "validated", "Validation"),
    "K26training": ("validated", "trained", "Training"),
    "K26rollout": ("trained", "effective", "Roll-out"),
    "K26use": ("effective", "first_used", "Effective to first use"),
}
"""Legs in their order: id, where it starts, where it stops, name."""


def _population(facts: Facts) -> list[Table]:
    """Return every version of a master batch record."""
    return [facts.table("mbr_change")]


def changed(facts: Facts) -> Table:
    """Return one subject a version, in days from the request to its first batch.

    References:
        EU GMP Chapter 4 §4.3; ICH Q10 §3.2.3 (change management).
    """
    m = facts.table("mbr_change")
    done = _later(m.effective_us, m.first_used_us)
    requested = m.requested_us
    ended = m.superseded_us.coalesce(m.retired_us)
    return subjects(
        m,
        subject=m.mbr_id + " v" + m.version.cast("string"),
        kind="version",
        rules=[
            lacking(requested.isnull() & done.notnull(), "no request recorded"),
            leave_out(requested.isnull(), "no change was requested"),
            leave_out(done.isnull() & ended.notnull(), "replaced before it was used"),
            waiting(done.isnull()),
        ],
        value=(done - requested).cast("float64") / DAY_US,
        start_us=requested,
        stop_us=done.coalesce(ended, m.effective_us, m.drafted_us),
        start_seq=m.requested_seq,
        stop_seq=m.first_used_seq,
        dimensions={"mbr": m.mbr_id},
    )


def leg(facts: Facts, start: str, stop: str) -> Table:
    """Return one subject a version, in days from one milestone to another.

    References:
        EU GMP Chapter 4 §4.3; ICH Q10 §3.2.3.
    """
    m = facts.table("mbr_change")
    begun, done = m[f"{start}_us"], m[f"{stop}_us"]
    ended = m.superseded_us.coalesce(m.retired_us)
    came = m.first_used_us.coalesce(m.effective_us, m.approved_us)
    return subjects(
        m,
        subject=m.mbr_id + " v" + m.version.cast("string"),
        kind="version",
        rules=[
            lacking(begun.isnull() & done.notnull(), f"{start} is not recorded"),
            leave_out(begun.isnull(), f"{start} has not come"),
            leave_out(done.isnull() & ended.notnull(), "replaced before it came to that"),
            lacking(done.isnull() & (came > begun), f"{stop} is not recorded"),
            waiting(done.isnull()),
        ],
        value=(done - begun).cast("float64") / DAY_US,
        start_us=begun,
        stop_us=done.coalesce(ended, came, m.requested_us),
        dimensions={"mbr": m.mbr_id},
    )


def _later(one: Value, other: Value) -> Value:
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    both = one.notnull() & other.notnull()
    return ibis.ifelse(both, ibis.greatest(one, other), ibis.null("int64"))


K26 = register(
    Definition(
        id="K26",
        version=1,
        name="Change cycle time of a master batch record",
        description="How long it takes from the request of a change until the first batch by it.",
        scope="product, master batch record",
        formula="median over versions of max(t(effective), t(first batch begun)) - t(requested)",
        unit="d",
        range="0 to infinity",
        trend="lower is better",
        audience="management, quality, authors",
        effect_model="wait for an author, authoring, review rounds, validation, training, roll-out,"
        " first use",
        notes="Legs: " + ", ".join(LEGS) + ". A wait for an authority is in it.",
        owner="Head of production",
        data_sources="fact mbr_change: mbr.change.requested, mbr.version.effective, batch.started",
        start_event="mbr.change.requested",
        stop_event="batch.started, the first one by the version",
        cohort="versions by the time of their first use",
        exclusions="versions without a request; versions replaced before they were used",
        minimum_n=6,
        shortest_span="month",
        sensitivity="A version that is effective and not needed waits: see K26use.",
        guard="K28 change-induced deviations",
        references="EU GMP Chapter 4 §4.3; ICH Q10 §3.2.3; no public benchmark was found",
        statistic=times("d"),
        population=_population,
        subjects=changed,
        dimensions=("site", "product_code", "mbr", "origin"),
    )
)

for _id, (_start, _stop, _name) in LEGS.items():
    register(
        replace(
            K26,
            id=_id,
            name=f"{_name} (leg of K26)",
            description=f"A leg of the change cycle: from {_start} to {_stop}.",
            formula=f"median over versions of t({_stop}) - t({_start})",
            notes="A leg of K26; medians of legs do not add up to the median of the whole.",
            start_event=f"version {_start}",
            stop_event=f"version {_stop}",
            cohort=f"versions by the time at which they were {_stop}",
            exclusions="versions that have not come to the start of the leg",
            sensitivity="Milestones recorded together make a leg of no length.",
            subjects=partial(leg, start=_start, stop=_stop),
        )
    )
