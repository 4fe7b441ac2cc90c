"""One step of a batch: offered, claimed, perhaps paused, and completed by who is on shift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.entering import enter
from daytwo.doors.simulator.plant.calendar import (
    DAY,
    HOUR,
    MINUTE,
    PRODUCTION,
    closing,
    opening,
)
from daytwo.doors.simulator.plant.people import NOVICE_MONTHS

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.chance import Draw
    from daytwo.doors.simulator.plant.machines import Unit
    from daytwo.doors.simulator.plant.people import Person
    from daytwo.doors.simulator.plant.recipes import Step
    from daytwo.doors.simulator.plant.site import Row, Site

MARGIN = 15 * MINUTE
"""Nothing is timed into the last minutes before production closes."""

SHORT = 2 * HOUR
"""A step of less is not begun when it cannot be ended before production closes."""

PAUSES = ("Waiting for material", "Break", "Waiting for IPC result", "Line needed elsewhere")


@dataclass(frozen=True, slots=True)
class Course:
    """How a step is going to run; a pause of None did not happen."""

    begin: int
    end: int
    pause: tuple[int, int, str] | None


def perform(
    site: Site, batch: Batch, step: Step, unit: Unit, *, paper: bool, again: bool
) -> Generator[simpy.Event, Any, None]:
    """Do a step.

    Args:
        site: The plant.
        batch: Whose step it is.
        step: What to do.
        unit: Where.
        paper: Recorded on paper during a fallback, entered later.
        again: Repeated in a rework; its number gets an `R`.
    """
    number = f"{step.number}R" if again else step.number
    draw = site.chance.stream("step", batch.number, number)
    if step.gap and not again:
        yield site.until(
            opening(site.now + int(step.gap * HOUR * draw.skewed(1, 0.05)), PRODUCTION)
        )
    row = _offer(site, batch, step, unit, number)
    course = _course(site, step, draw)
    yield site.until(course.begin)
    claimer = _choose(site, course.begin, course.begin, draw)
    row |= {"claimed": course.begin, "operator": claimer.id, "team": site.roster.team(site.now)}
    if batch.started is None:
        batch.started = course.begin
        batch.row["first_step_start"] = course.begin
        batch.row["status"] = "in_progress"
        site.masters.started(batch)
    row["first_input"] = course.begin + int((course.end - course.begin) * draw.between(0.02, 0.12))
    if course.pause:
        yield from _pause(site, row, unit, course.pause)
    yield site.until(course.end)
    operator = _choose(site, course.end, course.begin, draw)
    operator.free = course.end
    if step.historian and not again:
        batch.trace = (course.begin, course.end, course.pause)
    row |= {
        "completed": course.end,
        "operator": operator.id,
        "team": site.roster.team(course.end),
    }
    yield from enter(site, batch, step, row, unit, paper=paper)


def _offer(site: Site, batch: Batch, step: Step, unit: Unit, number: str) -> Row:
    target = step.target
    return site.add(
        "mes/steps.csv",
        batch_no=batch.number,
        step_no=number,
        seq=str(step.seq),
        unit_procedure=step.unit_procedure,
        operation=step.operation,
        phase=step.phase,
        step_text=step.text,
        kind=step.kind,
        criticality=step.criticality,
        unit=unit.id,
        offered=site.now,
        low=f"{target.low:g}" if target else None,
        high=f"{target.high:g}" if target else None,
        value_unit=target.unit if target else "",
    )


def _course(site: Site, step: Step, draw: Draw) -> Course:
    """Lay out a step from now on."""
    floor = site.parameters.floor
    begin = opening(site.now + int(draw.waiting(floor.claim_wait_minutes) * MINUTE), PRODUCTION)
    begin = max(begin, min(person.free for person in site.roster.crew(begin)))
    begin = opening(begin, PRODUCTION)
    novices = sum(p.experience < NOVICE_MONTHS for p in site.roster.crew(begin))
    slow = draw.happens(novices / len(site.roster.crew(begin)))
    length = int(step.minutes * floor.effort_factor * MINUTE * draw.skewed(1, 0.16))
    length = max(30, int(length * (floor.novice_factor if slow else 1)))
    paused = draw.happens(floor.pause_rate)
    reason, part, wait = draw.pick(PAUSES), draw.between(0.2, 0.8), draw.between(10, 90)
    broken = step.automated and draw.happens(floor.breakdown_rate)
    if broken:
        reason, wait = "Equipment down", 60 * draw.between(1, 7)
    pause = int(wait * MINUTE) if paused or broken else 0
    closes = closing(begin, PRODUCTION) - MARGIN
    if begin + length + pause > closes:
        if length < SHORT or closes - begin < HOUR:
            begin = opening(closes + MARGIN, PRODUCTION) + int(draw.between(2, 20) * MINUTE)
            return Course(begin, begin + length, None)
        at = min(closes, begin + length - MINUTE)
        back = opening(closes + MARGIN, PRODUCTION) + int(draw.between(2, 20) * MINUTE)
        return Course(begin, back + (begin + length - at), (at, back, "Weekend"))
    if not pause:
        return Course(begin, begin + length, None)
    at = begin + int(length * part)
    return Course(begin, begin + length + pause, (at, at + pause, reason))


def _pause(
    site: Site, row: Row, unit: Unit, pause: tuple[int, int, str]
) -> Generator[simpy.Event, Any, None]:
    at, back, reason = pause
    yield site.until(at)
    row |= {"paused": at, "pause_reason": reason}
    if reason == "Equipment down":
        site.add(
            "mes/equipment_log.csv",
            equipment=unit.id,
            event="down",
            at=at,
            batch_no=row["batch_no"],
            by=site.roster.crew(at)[0].id,
            reason="Stopped by interlock",
            until=back,
        )
    yield site.until(back)
    row["resumed"] = back


def _choose(site: Site, t: int, since: int, draw: Draw) -> Person:
    """Return one of the crew on shift who has nothing else at hand since a moment."""
    crew = site.roster.crew(t)
    free = [person for person in crew if person.free <= since]
    return draw.pick(free) if free else min(crew, key=lambda person: (person.free, person.id))


def next_production(t: int, hours: float) -> int:
    """Return a production moment so many hours on, well before production closes."""
    at = opening(t + int(hours * HOUR), PRODUCTION)
    return at if at < closing(at, PRODUCTION) - MARGIN else opening(at + DAY, PRODUCTION) + MARGIN
