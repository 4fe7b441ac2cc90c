"""Exceptions of execution: raised at a step, answered by the supervisor, closed at the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.plant.calendar import HOUR, MINUTE, PRODUCTION, opening

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.site import Row, Site

CLASSES = {
    "alert_limit": "value",
    "action_limit": "value",
    "missing": "value",
    "not_applicable": "procedure",
    "override": "procedure",
    "skipped": "procedure",
    "hold_time": "procedure",
    "rework": "procedure",
    "event": "procedure",
    "substituted_lot": "resource",
    "late_entry": "integrity",
    "back_entry": "integrity",
    "alarm": "interface",
}
"""Class of each code."""

GRAVE = {"action_limit": "major", "override": "major", "hold_time": "major", "event": "major"}
ANSWERS = {
    "alert_limit": "Value within limits, trend is watched",
    "action_limit": "Measurement repeated, result confirmed",
    "missing": "To be completed before sign-off",
    "late_entry": "Activity was done in time, entry made later",
    "hold_time": "Unit cleaned again before use",
    "rework": "Within the registered process",
    "back_entry": "Entered from the paper record, checked by a second person",
    "override": "Released by supervisor; reason stated",
    "not_applicable": "Step does not apply to this order",
    "skipped": "Step not needed, see comment",
    "alarm": "Alarm acknowledged; no effect on the product",
}


def raise_exception(site: Site, batch: Batch, step_no: str, code: str, text: str, by: str) -> Row:
    """Raise an exception now; the supervisor on shift answers it in time."""
    row = site.add(
        "mes/exceptions.csv",
        exception_no=site.number("EX"),
        batch_no=batch.number,
        step_no=step_no,
        **{"class": CLASSES[code]},
        code=code,
        severity=GRAVE.get(code, "minor"),
        text=text,
        raised=site.now,
        raised_by=by,
        _reviewed=False,
    )
    batch.exceptions.append(row)
    site.go(_answer(site, row, code))
    return row


def _answer(site: Site, row: Row, code: str) -> Generator[simpy.Event, Any, None]:
    draw = site.chance.stream("answer", row["exception_no"])
    wait = int(draw.skewed(1.2, 1.0) * HOUR) + MINUTE
    yield site.until(opening(site.now + min(wait, 60 * HOUR), PRODUCTION))
    row["answered"] = site.now
    row["answered_by"] = site.roster.lead(site.now).id
    row["answer"] = ANSWERS.get(code, "Assessed, see text")
    if row["_reviewed"]:
        row["closed"] = site.now


def close_exceptions(site: Site, batch: Batch) -> None:
    """Close what quality has reviewed; what is not answered yet closes with its answer."""
    for row in batch.exceptions:
        row["_reviewed"] = True
        if "answered" in row:
            row.setdefault("closed", site.now)
