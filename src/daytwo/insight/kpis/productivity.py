"""Readings of productivity, of teams and products only: no row and no column is a person's."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.definitions.k25 import LEAST_PERSONS
from daytwo.insight.kpis.evaluate import groups
from daytwo.insight.kpis.intervals import linearised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.kpis.cohort import Period
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.value import KpiValue


@dataclass(frozen=True, slots=True)
class Team:
    """A team's work on steps against the hours that it attended.

    Attributes:
        team: Its name.
        found: K25 of it; withheld when fewer than five persons worked.
    """

    team: str
    found: KpiValue

    @property
    def shown(self) -> bool:
        """Whether there were five persons or more."""
        return not self.found.withheld


@dataclass(frozen=True, slots=True)
class OperationTouch:
    """Minutes of work on a step of one operation.

    Attributes:
        operation: The operation.
        plant: Of all teams together.
        teams: By team; a team of fewer than five persons at this operation is not in it.
        withheld: How many teams are not in it.
    """

    operation: str
    plant: KpiValue
    teams: Mapping[str, KpiValue]
    withheld: int

    def against_plant(self, team: str) -> float | None:
        """Return a team's median minus the plant's, minutes; None when either is unknown."""
        found = self.teams.get(team)
        if found is None or found.value is None or self.plant.value is None:
            return None
        return found.value - self.plant.value


@dataclass(frozen=True, slots=True)
class Direct:
    """Batches made by direct work.

    Attributes:
        product_code: The product; None for all together.
        batches: Manufactured in the period, not rejected, with touch time on record.
        without: Likewise, but without any touch time on record: not in the figure.
        hours: Direct hours on these batches.
        per_100_h: Batches for each 100 direct hours; None without hours.
        interval: 95 % interval of it; None where there are too few batches.
    """

    product_code: str | None
    batches: int
    without: int
    hours: float
    per_100_h: float | None
    interval: tuple[float, float] | None


def teams(facts: Facts, question: Question) -> list[Team]:
    """Return each team's efficiency, those that are shown first.

    Args:
        facts: The facts.
        question: Period and filters; `by` is not asked.
    """
    asked = Question(question.period, question.where, ("team",))
    made = [
        Team(str(found.group["team"]), found)
        for found in groups(definition("K25"), facts, asked)
        if found.group["team"] and (found.denominator is None or found.denominator > 0)
    ]
    return sorted(made, key=lambda t: (not t.shown, t.team))


def operations(facts: Facts, question: Question) -> list[OperationTouch]:
    """Return the touch time of each operation, of the plant and of its teams.

    Args:
        facts: The facts.
        question: Period and filters; `by` is not asked.
    """
    of = definition("K25touch")
    by_team = Question(question.period, question.where, ("operation", "team"))
    whole = Question(question.period, question.where, ("operation",))
    found: defaultdict[str | None, dict[str, KpiValue]] = defaultdict(dict)
    withheld: defaultdict[str | None, int] = defaultdict(int)
    for value in groups(of, facts, by_team):
        operation, team = value.group["operation"], value.group["team"]
        if value.withheld:
            withheld[operation] += 1
        elif team and value.value is not None:
            found[operation][team] = value
    return [
        OperationTouch(name, value, found[name], withheld[name])
        for value in groups(of, facts, whole)
        if (name := value.group["operation"]) and value.counted
    ]


def direct(facts: Facts, question: Question) -> list[Direct]:
    """Return batches by direct work, of each product and, first, of all together.

    A batch counts by its end of manufacture; its hours are those of all its steps. The interval is
    that of the hours a batch, turned round: batches differ, so they are the sample.

    References:
        ISO 22400-2, throughput; Cochran, Sampling Techniques, 3rd ed., §6.4.
    """
    b, s = facts.table("batch"), facts.table("step")
    for name, value in question.where.items():
        b = b.filter(b[name] == value)
    b = b.filter(b.ended_us.notnull() & (b.decision.fill_null("") != "rejected"))
    work = s.group_by(work_site=s.site, work_id=s.batch_id).aggregate(minutes=s.touch_min.sum())
    made = b.left_join(work, [b.site == work.work_site, b.batch_id == work.work_id])
    rows = facts.engine.rows(made.select("product_code", "ended_us", "minutes"))
    hours: defaultdict[str | None, list[float]] = defaultdict(list)
    for row in rows:
        if _within(row["ended_us"], question.period):
            spent = (row["minutes"] or 0.0) / 60
            hours[row["product_code"]].append(spent)
    each = [_direct(product, found) for product, found in sorted(hours.items(), key=str)]
    return [_direct(None, [h for found in hours.values() for h in found]), *each] if each else []


def _direct(product_code: str | None, hours: list[float]) -> Direct:
    spent = [h for h in hours if h > 0]
    n, total = len(spent), math.fsum(spent)
    squares = math.fsum(h * h for h in spent)
    per_batch = linearised(n, y=total, x=float(n), yy=squares, xx=float(n), xy=total)
    interval = None
    if per_batch is not None and per_batch[0] > 0:
        interval = (100 / per_batch[1], 100 / per_batch[0])
    return Direct(
        product_code=product_code,
        batches=n,
        without=len(hours) - n,
        hours=total,
        per_100_h=100 * n / total if total else None,
        interval=interval,
    )


def _within(at: int, period: Period) -> bool:
    after = period.since_us is None or at >= period.since_us
    return after and (period.until_us is None or at < period.until_us)


__all__ = ["LEAST_PERSONS", "Direct", "OperationTouch", "Team", "direct", "operations", "teams"]
