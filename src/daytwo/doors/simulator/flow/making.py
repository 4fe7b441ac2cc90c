"""Manufacture of a batch: unit procedure by unit procedure, waiting for units, cleaning them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.exceptions import raise_exception
from daytwo.doors.simulator.flow.release import release
from daytwo.doors.simulator.flow.stepping import perform
from daytwo.doors.simulator.plant.calendar import (
    DAY,
    HOUR,
    MINUTE,
    PRODUCTION,
    after_work,
    clear_of_change,
    opening,
)
from daytwo.doors.simulator.plant.recipes import planted

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.machines import Unit
    from daytwo.doors.simulator.plant.recipes import Step
    from daytwo.doors.simulator.plant.site import Site

REWORKED = {"L1": "Coating", "L2": "Compression", "L3": "Purification"}
"""Unit procedure that can be repeated."""

REPEATED = 4
"""Steps at its end that a rework repeats."""

FAULTY = 0.012
LONG_HOLD = 0.12
HOLD_REASONS = (
    "Deviation under assessment",
    "Waiting for in-process result",
    "Material lot under query",
)


def make(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    """Make a batch and hand it over to its release."""
    floor, draw = site.parameters.floor, batch.draw
    held_at = draw.pick(batch.steps).seq if draw.happens(floor.hold_rate) else 0
    aborted_at = draw.pick(batch.steps).seq if draw.happens(floor.abort_rate) else 0
    stays = _stays_on_hold(site, batch)
    if stays:
        held_at, aborted_at = int(planted()["open_hold"]["step"]), 0
    batch.reworked = draw.happens(floor.rework_rate) and not aborted_at
    batch.faulty = draw.happens(FAULTY)
    for procedure in dict.fromkeys(step.unit_procedure for step in batch.steps):
        steps = [step for step in batch.steps if step.unit_procedure == procedure]
        unit: Unit = yield site.acquire(steps[0].unit_class, batch.product.line)
        yield from _prepare(site, batch, unit)
        paper = draw.happens(site.conditions.rate("paper", site.now))
        if paper:
            _fallback(site, batch, procedure, "fallback_start")
        for step in steps:
            if step.seq == aborted_at:
                _log(site, unit, "idle", batch)
                site.go(clean(site, unit, batch.number))
                yield from _abort(site, batch)
                return
            if step.seq == held_at:
                yield from _hold(site, batch, stays=stays)
            yield from perform(site, batch, step, unit, paper=paper, again=False)
        if batch.reworked and procedure == REWORKED[batch.product.line]:
            yield from _rework(site, batch, unit, steps[-REPEATED:])
        if paper:
            _fallback(site, batch, procedure, "fallback_end")
        if procedure in {"Packaging", "Filling"}:
            batch.row["packaging_end"] = batch.packed
        _log(site, unit, "idle", batch)
        site.go(clean(site, unit, batch.number))
    _room(site, batch)
    batch.ended = site.now
    batch.row |= {"last_step_end": site.now, "status": "ended"}
    site.go(release(site, batch))


def _prepare(site: Site, batch: Batch, unit: Unit) -> Generator[simpy.Event, Any, None]:
    """Set a unit up; clean it again when its clean hold has run out."""
    if unit.clean_until < site.now:
        _log(site, unit, "clean_expired", batch, at=site.now)
        yield site.until(opening(site.now, PRODUCTION))
        lead = site.roster.lead(site.now).id
        raise_exception(site, batch, "", "hold_time", f"Clean hold of {unit.id} has run out", lead)
        yield from _clean(site, unit, batch.number)
    setup = opening(site.now, PRODUCTION)
    yield site.until(setup)
    _log(site, unit, "setup", batch)
    end = after_work(site.now, int(batch.draw.between(10, 40) * MINUTE), PRODUCTION)
    yield site.until(end)
    yield site.until(opening(site.now, PRODUCTION))
    _log(site, unit, "busy", batch)
    unit.wear += 1


def clean(site: Site, unit: Unit, batch_no: str) -> Generator[simpy.Event, Any, None]:
    """Clean a unit after use and give it back."""
    yield site.until(opening(site.now + 5 * MINUTE, PRODUCTION))
    yield from _clean(site, unit, batch_no)
    site.give_back(unit)


def _clean(site: Site, unit: Unit, batch_no: str) -> Generator[simpy.Event, Any, None]:
    yield site.until(opening(site.now, PRODUCTION))
    draw = site.chance.stream("cleaning", unit.id, site.now)
    by = draw.pick(site.roster.crew(site.now)).id
    row = {"equipment": unit.id, "batch_no": batch_no, "by": by}
    site.add("mes/equipment_log.csv", **row, event="cleaning_start", at=site.now)
    end = after_work(site.now, int(draw.between(1.2, 3) * HOUR), PRODUCTION)
    yield site.until(end)
    yield site.until(opening(site.now, PRODUCTION))
    hold = int(site.parameters.floor.clean_hold_hours * HOUR)
    unit.clean_until = clear_of_change(site.now + hold)
    row["by"] = draw.pick(site.roster.crew(site.now)).id
    site.add(
        "mes/equipment_log.csv",
        **row,
        event="cleaning_end",
        at=site.now,
        until=unit.clean_until,
    )


def _log(site: Site, unit: Unit, event: str, batch: Batch, at: int | None = None) -> None:
    at = site.now if at is None else at
    by = site.roster.lead(at).id if event != "clean_expired" else ""
    site.add(
        "mes/equipment_log.csv",
        equipment=unit.id,
        event=event,
        at=unit.clean_until if event == "clean_expired" else at,
        batch_no="" if event == "clean_expired" else batch.number,
        by=by,
    )


def _room(site: Site, batch: Batch) -> None:
    """Note the humidity of the room, which no limit and no figure depends on."""
    site.add(
        "mes/parameters.csv",
        batch_no=batch.number,
        name="room_humidity",
        value=f"{batch.draw.between(32, 58):.1f}",
        unit="%",
        at=site.now,
    )


def _stays_on_hold(site: Site, batch: Batch) -> bool:
    """Tell whether this is the batch that is planted to be on hold when the period ends."""
    hold = planted()["open_hold"]
    due = site.now >= site.end - hold["last_days"] * DAY
    if batch.product.code != hold["product"] or not due or site.truth["open_hold"]:
        return False
    site.truth["open_hold"].append({"batch_no": batch.number})
    return True


def _hold(site: Site, batch: Batch, *, stays: bool) -> Generator[simpy.Event, Any, None]:
    draw = batch.draw
    row = site.add(
        "mes/holds.csv",
        hold_no=site.number("H", 4),
        batch_no=batch.number,
        held=site.now,
        reason=draw.pick(HOLD_REASONS),
        by=site.roster.lead(opening(site.now, PRODUCTION)).id,
    )
    before, batch.row["status"] = batch.row["status"], "on_hold"
    days = draw.between(25, 80) if draw.happens(LONG_HOLD) else draw.between(0.4, 5)
    days = planted()["open_hold"]["days"] if stays else days
    yield site.until(opening(site.now + int(days * DAY), PRODUCTION))
    row["resumed"] = site.now
    batch.row["status"] = before


def _rework(
    site: Site, batch: Batch, unit: Unit, steps: list[Step]
) -> Generator[simpy.Event, Any, None]:
    """Repeat the last steps of a unit procedure."""
    by = site.roster.lead(opening(site.now, PRODUCTION)).id
    raise_exception(site, batch, steps[0].number, "rework", "Reprocessed as the MBR allows", by)
    for step in steps:
        if not step.sample:
            yield from perform(site, batch, step, unit, paper=False, again=True)


def _abort(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    """Abort a batch; quality rejects what was made of it."""
    batch.aborted = True
    batch.row |= {"aborted": site.now, "status": "aborted"}
    yield from _decide_aborted(site, batch)


def _decide_aborted(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    turn = yield site.desks["qp"].submit(site.parameters.review.qp_minutes, batch.urgency)
    batch.decided, batch.decision = turn.end, "rejected"
    site.add(
        "mes/reviews.csv",
        batch_no=batch.number,
        event="decision",
        at=turn.end,
        by=turn.person.id,
        function="qp",
        reason="Aborted in manufacture",
        value="rejected",
    )


def _fallback(site: Site, batch: Batch, procedure: str, event: str) -> None:
    lead = site.roster.lead(opening(site.now, PRODUCTION)).id
    site.add(
        "mes/usage.csv",
        at=site.now,
        person=lead,
        role="supervisor",
        event=event,
        name=procedure,
        batch_no=batch.number,
        text="Terminal or network not available" if event == "fallback_start" else "",
    )
    if event == "fallback_start":
        raise_exception(site, batch, "", "back_entry", f"{procedure} recorded on paper", lead)
