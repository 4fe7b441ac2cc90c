"""All processes of the plant started together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.simulator.flow.changes import Masters, plan_improvements, request_changes
from daytwo.doors.simulator.flow.planning import AHEAD_DAYS, start_planning
from daytwo.doors.simulator.flow.stock import Stock
from daytwo.doors.simulator.flow.upkeep import keep_up
from daytwo.doors.simulator.flow.usage import attend, deploy
from daytwo.doors.simulator.flow.values import Anomalies
from daytwo.doors.simulator.plant.calendar import DAY
from daytwo.doors.simulator.plant.recipes import products
from daytwo.doors.simulator.plant.site import Site

if TYPE_CHECKING:
    from daytwo.doors.simulator.parameters.shape import Parameters


def open_plant(parameters: Parameters) -> Site:
    """Return a plant whose clock stands at the start of the period."""
    site = Site(parameters)
    site.anomalies = Anomalies(site)
    site.masters = Masters(site)
    site.stock = Stock(site)
    start_planning(site, site.end + AHEAD_DAYS * DAY)
    for product in products():
        site.go(request_changes(site, product, site.end))
    plan_improvements(site)
    keep_up(site)
    site.go(attend(site))
    site.go(deploy(site))
    return site
