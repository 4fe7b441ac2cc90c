"""K13, CAPA effectiveness: as people said, and as the deviations that came after say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import share
from daytwo.insight.kpis.subjects import DAY_US, certain, lacking, leave_out, subjects, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _population(facts: Facts) -> list[Table]:
    """Return every corrective and preventive action."""
    return [facts.table("capa")]


def declared(facts: Facts) -> Table:
    """Return one subject a CAPA whose check is due: 1 when it was declared effective.

    References:
        ICH Q10 §3.2.2; ISO 9001:2015 §10.2.1 d.
    """
    c = facts.table("capa")
    return _due(facts, c, certain(c.verdict == "effective"))


def recomputed(facts: Facts) -> Table:
    """Return one subject a CAPA whose check is due: 1 when its cause did not strike again.

    References:
        ICH Q10 §3.2.2; industrialpharmacist.com (2025): a score of 100 % is a red flag.
    """
    c, d = facts.table("capa"), facts.table("deviation")
    cause = d.root_cause.strip().lower().nullif("")
    place = d.area.strip().lower().nullif("").coalesce(d.process.strip().lower().nullif(""), "")
    d = d.mutate(cause=cause, place=place, at_us=d.occurred_us.coalesce(d.detected_us))
    mine = d.select("cause", "place", of_site="site", of_id="deviation_id")
    c = c.left_join(mine, [c.site == mine.of_site, c.deviation_id == mine.of_id])
    later = d.select(on_site="site", on_cause="cause", on_place="place", on_us="at_us")
    horizon_us = c.horizon_days * DAY_US
    again = c.semi_join(
        later,
        [
            c.site == later.on_site,
            c.cause == later.on_cause,
            c.place == later.on_place,
            later.on_us > c.closed_us,
            later.on_us <= c.closed_us + horizon_us,
        ],
    )
    again = again.select(again_site="site", again_id="capa_id")
    c = c.left_join(again, [c.site == again.again_site, c.capa_id == again.again_id])
    unknown = lacking(c.cause.isnull(), "no root cause of its deviation on record")
    return _due(facts, c, c.again_id.isnull(), unknown)


def _due(facts: Facts, c: Table, effective: Any, *more: Any) -> Table:
    due = c.closed_us + c.horizon_days * DAY_US
    return subjects(
        c,
        subject=c.capa_id,
        kind="capa",
        rules=[
            leave_out(c.closed_us.isnull() & c.evaluated_us.isnull(), "action not taken yet"),
            lacking(
                c.closed_us.isnull() | c.planned_us.isnull() | c.horizon_days.isnull(),
                "no effectiveness check stated before",
            ),
            waiting((due > facts.now_us) & c.evaluated_us.isnull()),
            *more,
        ],
        numerator=effective,
        denominator=1,
        start_us=c.closed_us,
        stop_us=due.coalesce(c.evaluated_us, c.closed_us, c.opened_us),
    )


K13 = register(
    Definition(
        id="K13",
        version=1,
        name="CAPA effectiveness, as declared",
        description="Share of actions whose effectiveness check, stated before, was passed.",
        scope="site",
        formula="CAPAs judged effective / CAPAs whose check is due",
        unit="%",
        range="0 to 100",
        trend="higher is better",
        audience="management, quality",
        effect_model="root causes, strength of the action, honest checks",
        notes="A check that is due and not judged counts as not passed. What people declare is"
        " worth little alone: read it with K13repeat.",
        owner="Head of quality",
        data_sources="fact capa: quality.capa.closed, .effectiveness_planned, .effectiveness_"
        "evaluated",
        start_event="quality.capa.closed",
        stop_event="end of the horizon stated before",
        cohort="CAPAs by the day on which their check is due",
        exclusions="actions not taken; actions without a check stated before",
        minimum_n=10,
        sensitivity="A score of 100 % is a red flag.",
        guard="K13repeat; K12 repeat deviations",
        references="ICH Q10 §3.2.2; atlas-compliance.ai (vendor): above 90 %",
        statistic=share(),
        population=_population,
        subjects=declared,
        dimensions=("site", "origin"),
    )
)

K13REPEAT = register(
    replace(
        K13,
        id="K13repeat",
        name="CAPA effectiveness, by what came after",
        description="Share of actions after which the same cause did not strike again at the same"
        " place within the horizon.",
        formula="CAPAs without a deviation of the same root cause in the same area within the"
        " horizon after the action / CAPAs whose check is due",
        notes="Made from the deviations alone, whatever was declared. The deviation of the action"
        " must have a root cause.",
        data_sources="facts capa and deviation: quality.capa.closed,"
        " quality.deviation.root_cause_approved",
        exclusions="actions not taken; no check stated before; no root cause of its deviation",
        sensitivity="A cause that strikes rarely stays away by chance too.",
        guard="K13; K12 repeat deviations",
        references="ICH Q10 §3.2.2; industrialpharmacist.com (2025)",
        subjects=recomputed,
    )
)
