"""Upkeep: maintenance and calibration of units, training of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.plant.calendar import DAY, HOUR, OFFICE, WEEK, opening
from daytwo.doors.simulator.plant.recipes import products

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.plant.machines import Unit
    from daytwo.doors.simulator.plant.site import Site

MAINTENANCE_WEEKS = 10
CALIBRATION_DAYS = 182


def maintain(site: Site, unit: Unit) -> Generator[simpy.Event, Any, None]:
    """Maintain a unit every few weeks, between batches; its wear is undone."""
    draw = site.chance.stream("maintenance", unit.id)
    yield site.until(int(draw.between(0.5, MAINTENANCE_WEEKS) * WEEK))
    while True:
        yield site.acquire_unit(unit)
        at, person = site.roster.next_in_office("technician", site.now)
        yield site.until(at)
        end = site.roster.office_work(person, at, int(draw.between(2, 6) * HOUR))
        row = {"equipment": unit.id, "by": person.id}
        site.add(
            "mes/equipment_log.csv",
            **row,
            event="maintenance",
            at=at,
            until=end,
            reason="Preventive maintenance",
        )
        yield site.until(end)
        unit.wear = 0
        site.give_back(unit)
        yield site.until(site.now + MAINTENANCE_WEEKS * WEEK)


def calibrate(site: Site, unit: Unit) -> Generator[simpy.Event, Any, None]:
    """Calibrate a unit's instruments twice a year, sometimes after they were due."""
    draw = site.chance.stream("calibration", unit.id)
    yield site.until(opening(draw.whole(3, CALIBRATION_DAYS - 20) * DAY, OFFICE))
    while True:
        site.add("mes/equipment_log.csv", equipment=unit.id, event="calibration_due", at=site.now)
        late = draw.whole(1, 6)
        at, person = site.roster.next_in_office("technician", site.now + late * DAY)
        yield site.until(at)
        due = opening(at + CALIBRATION_DAYS * DAY, OFFICE)
        site.add(
            "mes/equipment_log.csv",
            equipment=unit.id,
            event="calibrated",
            at=at,
            by=person.id,
            until=due,
        )
        yield site.until(due)


def qualify(site: Site) -> Generator[simpy.Event, Any, None]:
    """Qualify operators for the lines of their product, before go-live and then yearly."""
    days = 365
    lines = [(product.line, product.name) for product in products()]
    for person in site.roster.of("operator"):
        for line, _ in lines:
            site.go(_qualify(site, person.id, line, days))
    yield site.until(0)


def _qualify(site: Site, person: str, line: str, days: int) -> Generator[simpy.Event, Any, None]:
    draw = site.chance.stream("training", person, line)
    at = opening(-draw.whole(5, 300) * DAY, OFFICE)
    while True:
        valid = at + days * DAY
        site.add(
            "hr/training.csv",
            person=person,
            qualification="operate line",
            subject=line,
            at=at,
            valid_until=valid,
        )
        at = opening(valid - draw.whole(-4, 30) * DAY, OFFICE)
        yield site.until(at)


def keep_up(site: Site) -> None:
    """Start all upkeep."""
    for unit in site.units:
        site.go(maintain(site, unit))
        site.go(calibrate(site, unit))
    site.go(qualify(site))
