"""The demonstration's baselines and targets: the leader freezes the period before, by signature.

The figures are those of the simulated plant, whatever they are; where nothing counts, nothing is
frozen. Targets are what the simulated leader asks for: a part better than the baseline.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from daytwo.doors.jobs.demo.cast import Hand
from daytwo.insight.detection.board import CORE
from daytwo.insight.governance import commands as value
from daytwo.insight.governance import queries
from daytwo.insight.kpis.calendar import at, us
from daytwo.insight.kpis.compare import direction
from daytwo.insight.kpis.definition import definition
from daytwo.kernel.clock import now
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from daytwo.insight.governance.queries import Baseline

LEADER = "lea"
HALF_A_YEAR = timedelta(weeks=26)
LESS, MORE = 0.75, 1.1
"""By what a baseline is multiplied where lower is better, and where higher is."""


def set_goals(years: float) -> list[str]:
    """Freeze a baseline and set a target for each core KPI; return the KPIs that have one.

    Args:
        years: How long the plant has run: a short one has half of its time behind the baseline.
    """
    leader, made = Hand(LEADER), []
    length = min(HALF_A_YEAR, timedelta(weeks=max(1, round(years * 26))))
    for kpi_id in CORE:
        base = _freeze(leader, kpi_id, length)
        if base is None:
            continue
        made.append(kpi_id)
        if (aim := target(base)) is not None:
            leader.does(
                value.set_target,
                initiative_id=base.initiative_id,
                target=f"{aim:g}",
                due_on=(_today() + HALF_A_YEAR).isoformat(),
                reason="Agreed in the management review of the demonstration.",
            )
    return made


def target(base: Baseline) -> float | None:
    """Return what is asked for: better by a part, in round numbers; None where neither is better.

    Args:
        base: What was frozen.
    """
    of = definition(base.kpi_id, base.kpi_version)
    side = direction(of)
    if base.value is None or not side:
        return None
    aim = float(f"{base.value * (LESS if side < 0 else MORE):.2g}")
    return min(aim, 100.0) if of.unit == "%" else aim


def _freeze(leader: Hand, kpi_id: str, length: timedelta) -> Baseline | None:
    since = _today() + timedelta(days=1) - 2 * length
    number = queries.next_number(kpi_id)
    try:
        leader.does(
            value.freeze_baseline,
            initiative_id=number,
            kpi_id=kpi_id,
            title=f"{definition(kpi_id).name}: before we began to look",
            since=since.isoformat(),
            until=(since + length - timedelta(days=1)).isoformat(),
        )
    except Refused:
        return None
    return queries.frozen(number)


def _today() -> date:
    return at(us(now()), settings.SITE_TIME_ZONE).date()
