"""Assembly of the batch record: what is missing is completed before anybody reviews it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.entering import correct
from daytwo.doors.simulator.plant.calendar import HOUR, PRODUCTION, after_work, opening

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.chance import Draw
    from daytwo.doors.simulator.plant.site import Row, Site

FOUND_AT_ASSEMBLY = 0.25
MOST_PIECES = 4
"""Pieces beyond these are completed together."""


def assemble(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    """Complete the record and submit it for review."""
    draw, review = site.chance.stream("assembly", batch.number), site.parameters.review
    hours = review.assembly_hours * draw.skewed(1, 0.6)
    yield site.until(after_work(site.now, int(hours * HOUR), PRODUCTION))
    batch.wait(site.now, "assembly", "production", "collecting the record")
    for row in batch.missing:
        hours = review.completion_hours * draw.skewed(1, 0.6)
        yield site.until(after_work(site.now, int(hours * HOUR), PRODUCTION))
        _complete(site, batch, row, draw)
        batch.wait(site.now, "assembly", "production", f"missing entry of step {row['step_no']}")
    if batch.back_entries:
        pieces = min(MOST_PIECES, 1 + batch.back_entries // 6)
        hours = review.completion_hours * pieces * draw.skewed(1, 0.5)
        yield site.until(after_work(site.now, int(hours * HOUR), PRODUCTION))
        yield site.until(opening(max(site.now, batch.back_entered), PRODUCTION))
        batch.wait(site.now, "assembly", "production", "back-entry from paper")
    found = [row for row in batch.errors if draw.happens(FOUND_AT_ASSEMBLY)]
    if found:
        yield from correct_found(site, batch, found, draw)
        batch.wait(site.now, "assembly", "production", "corrections")
    yield site.until(opening(site.now, PRODUCTION))
    batch.wait(site.now, "assembly", "production", "corrections")
    lead = site.roster.lead(site.now).id
    note(site, batch, "completeness_passed", site.now, lead, "production")
    note(site, batch, "submitted", site.now, lead, "production")


def _complete(site: Site, batch: Batch, row: Row, draw: Draw) -> None:
    """Enter what was missing, as a correction."""
    t = opening(site.now, PRODUCTION)
    row |= {"entry_recorded": t, "value": row["_value"], "outcome": "passed"}
    site.add(
        "mes/corrections.csv",
        correction_no=site.number("COR"),
        batch_no=batch.number,
        step_no=row["step_no"],
        at=t,
        by=draw.pick(site.roster.crew(t)).id,
        old="",
        new=row["_value"],
        reason="Entry was missing",
        after_signoff="Y",
    )


def correct_found(
    site: Site, batch: Batch, found: list[Row], draw: Draw
) -> Generator[simpy.Event, Any, None]:
    """Have the floor correct what a review found."""
    hours = site.parameters.review.completion_hours * draw.skewed(1, 0.6) * 0.7
    yield site.until(opening(after_work(site.now, int(hours * HOUR), PRODUCTION), PRODUCTION))
    for row in found:
        batch.errors.remove(row)
        correct(site, batch, row, site.now, draw.pick(site.roster.crew(site.now)).id, "Y")


def note(
    site: Site,
    batch: Batch,
    event: str,
    at: int,
    by: str,
    function: str,
    reason: str = "",
    value: str = "",
) -> Row:
    """Write a line of the review's log."""
    return site.add(
        "mes/reviews.csv",
        batch_no=batch.number,
        event=event,
        at=at,
        by=by,
        function=function,
        reason=reason,
        value=value,
    )
