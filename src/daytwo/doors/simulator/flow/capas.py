"""Corrective and preventive actions: some take the cause away, most are called effective."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.plant.calendar import DAY, OFFICE, opening

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.plant.chance import Draw
    from daytwo.doors.simulator.plant.recipes import Cause
    from daytwo.doors.simulator.plant.site import Row, Site

ACTIONS = {
    "equipment": "Replace the part and shorten the interval of its inspection",
    "method": "Revise the instruction and add a check at the step",
    "material": "Tighten the incoming limit and inform the supplier",
    "environment": "Change the settings of the air handling unit",
    "measurement": "Replace the sensor and add a plausibility alarm",
    "human_error": "Retrain the team",
    "none": "Observe further",
}
RETRAIN = "Retrain the team"
HORIZON_DAYS = 120
CALLED_EFFECTIVE = 0.92


def consider_capa(site: Site, deviation: Row, cause: Cause, severity: str, draw: Draw) -> None:
    """Open an action for a grave deviation, sometimes; it lives on its own."""
    wanted = draw.happens(site.parameters.quality.capa_share * (2 if cause.group else 1))
    effective = draw.happens(site.parameters.quality.capa_effective_share)
    if severity == "minor" or not wanted:
        return
    misled = deviation["category"] != cause.category
    site.go(_live(site, deviation, cause, draw, effective=effective and not misled))


def _live(
    site: Site, deviation: Row, cause: Cause, draw: Draw, *, effective: bool
) -> Generator[simpy.Event, Any, None]:
    earlier = [
        row
        for row in site.tables["qms/deviations.csv"]
        if row["_cause"].id == cause.id and row["recorded"] > site.now - 365 * DAY
    ]
    due = site.now + draw.pick((45, 60, 90)) * DAY
    row = site.add(
        "qms/capas.csv",
        capa_no=site.number("CAPA", 4),
        dev_no=deviation["dev_no"],
        action=ACTIONS[deviation["category"]],
        owner=deviation["owner"],
        opened=site.now,
        due_first=due,
        due_current=due,
        effectiveness_planned=site.now,
        metric=f"Deviations with the same root cause in {deviation['process']} in 12 months",
        baseline=str(len(earlier)),
        target=str(len(earlier) // 3),
        horizon_days=str(HORIZON_DAYS),
        _cause=cause,
        _effective=effective,
    )
    site.go(_move_due(site, row, site.chance.stream("due", row["capa_no"])))
    days = draw.skewed(48, 0.5)
    yield site.until(opening(site.now + int(days * DAY), OFFICE))
    row["closed"] = site.now
    if effective:
        site.conditions.relieve(cause.id, site.now, site.parameters.quality.capa_residual)
    yield site.until(opening(site.now + HORIZON_DAYS * DAY, OFFICE))
    row["evaluated"] = site.now
    row["verdict"] = "effective" if draw.happens(CALLED_EFFECTIVE) else "not effective"


def _move_due(site: Site, row: Row, draw: Draw) -> Generator[simpy.Event, Any, None]:
    for _ in range(2):
        near = row["due_current"] - 2 * DAY
        at, person = site.roster.next_in_office("investigator", near)
        yield site.until(at)
        if "closed" in row:
            return
        old, new = row["due_current"], row["due_current"] + 30 * DAY
        row["due_current"] = new
        site.add(
            "qms/due_moves.csv",
            kind="capa",
            number=row["capa_no"],
            moved=site.now,
            by=person.id,
            old=old,
            new=new,
            reason=draw.pick(("Supplier delivers late", "Capacity", "Waits for the shutdown")),
        )
