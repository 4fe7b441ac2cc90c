"""From the end of manufacture to the decision: assembly, reviews, laboratory, deviations, QP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.assembly import assemble, correct_found, note
from daytwo.doors.simulator.flow.exceptions import close_exceptions
from daytwo.doors.simulator.flow.market import ship
from daytwo.doors.simulator.plant.calendar import DAY, MINUTE, OFFICE, opening

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.batch import Batch, Segment
    from daytwo.doors.simulator.plant.desk import Turn
    from daytwo.doors.simulator.plant.site import Site

FOUND_BY_PRODUCTION = 0.8
"""Share of the slips that production's review finds; quality finds the rest."""

MOST_RETURNS = 3
SECTIONS = ("materials", "execution", "yields")
CHECKS = ("audit_trail", "yields", "genealogy", "environment", "labels")
JUSTIFIED = 0.06
IDLE_MINUTES = 5


def release(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    """Bring a finished batch to its disposition."""
    site.go(_promise(site, batch))
    for stage, leg in (
        ("assembly", assemble),
        ("production_review", _production),
        ("lab", _laboratory_and_deviations),
        ("qa_review", _quality),
        ("lab", _laboratory_and_deviations),
        ("qp_decision", _decide),
    ):
        batch.stage = stage
        yield from leg(site, batch)


def _production(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    review, line = site.parameters.review, batch.product.line
    minutes = review.production_minutes + review.exception_minutes * len(batch.exceptions)
    minutes *= site.conditions.factor("production_minutes", line, site.now)
    for tries in range(MOST_RETURNS + 1):
        draw = site.chance.stream("production review", batch.number, tries)
        effort = minutes * draw.skewed(1, 0.3) * (1 if tries == 0 else 0.3)
        turn = yield from _review(site, batch, "production", effort, draw)
        found = [row for row in batch.errors if draw.happens(FOUND_BY_PRODUCTION)]
        returned = draw.happens(review.production_return_rate) or found
        batch.wait(turn.start, "production_review", "production", "queue for production review")
        batch.wait(turn.end, "production_review", "production", "production review")
        if tries == MOST_RETURNS or not returned:
            break
        note(site, batch, "returned", turn.end, turn.person.id, "production", "Entry unclear")
        yield from correct_found(site, batch, found, draw)
        batch.wait(site.now, "production_review", "production", "returned, being corrected")
        note(site, batch, "submitted", site.now, site.roster.lead(site.now).id, "production")
    note(site, batch, "approved", turn.end, turn.person.id, "production")


def _quality(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    review = site.parameters.review
    minutes = review.qa_minutes + review.exception_minutes * len(batch.exceptions)
    minutes *= site.conditions.factor("qa_minutes", batch.product.line, site.now)
    for tries in range(MOST_RETURNS + 1):
        draw = site.chance.stream("quality review", batch.number, tries)
        effort = minutes * draw.skewed(1, 0.3) * (1 if tries == 0 else 0.25)
        turn = yield from _review(site, batch, "quality", effort, draw)
        found, returned = batch.errors[:], draw.happens(review.qa_return_rate)
        batch.wait(turn.start, "qa_review", "quality", "queue for quality review")
        batch.wait(turn.end, "qa_review", "quality", "quality review")
        if tries == MOST_RETURNS or not (returned or found):
            break
        note(site, batch, "returned", turn.end, turn.person.id, "quality", "Comment to be answered")
        yield from correct_found(site, batch, found, draw)
        batch.wait(site.now, "qa_review", "production", "returned, being corrected")
        note(site, batch, "submitted", site.now, site.roster.lead(site.now).id, "production")
    note(site, batch, "approved", turn.end, turn.person.id, "quality")
    close_exceptions(site, batch)


def _review(
    site: Site, batch: Batch, function: str, minutes: float, draw: Any
) -> Generator[simpy.Event, Any, Turn]:
    """Review a record at a desk; how long somebody really looked at it is recorded."""
    desk = {"production": "production", "quality": "qa"}[function]

    def opened(person: Any, t: int) -> None:
        note(site, batch, "review_opened", t, person.id, function)
        if function == "quality":
            for check in CHECKS:
                note(site, batch, "check_opened", t, person.id, function, value=check)
            batch.row["status"] = "in_review"

    turn: Turn = yield site.desks[desk].submit(minutes, batch.urgency, opened)

    def after(part: float) -> int:
        long = minutes / site.parameters.plant.office_share
        return site.roster.office_work(turn.person, turn.start, int(long * part) * MINUTE)

    for index, section in enumerate(SECTIONS):
        at = after((index + 1) / 8)
        note(site, batch, "section_opened", at, turn.person.id, function, value=section)
    idle = draw.whole(0, 3)
    for index in range(idle):
        at = after((index + 4) / 8)
        note(site, batch, "idle", at, turn.person.id, function)
    if draw.happens(0.3):
        note(site, batch, "comment", turn.end, turn.person.id, function, "See comment in record")
    if function == "quality":
        for check in CHECKS:
            event = "check_justified" if draw.happens(JUSTIFIED) else "check_closed"
            reason = "Justified by attachment" if event == "check_justified" else ""
            note(site, batch, event, turn.end, turn.person.id, function, reason, check)
    active = max(1, round(minutes) - idle * IDLE_MINUTES)
    row = note(site, batch, "review_closed", turn.end, turn.person.id, function)
    row["active_minutes"] = str(active)
    return turn


def _laboratory_and_deviations(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    """Wait until all results are final and all deviations closed, also those found meanwhile."""
    while True:
        since = site.now
        waiting = [*batch.laboratory, *batch.open_deviations]
        yield site.env.all_of([event for event in waiting if not event.processed])
        if site.now > since:
            last = max(batch.laboratory_final, 0)
            closed = batch.deviation_spans[-1].until if batch.deviation_spans else 0
            spans = batch.laboratory_spans if last >= closed else batch.deviation_spans
            _attribute(batch, spans, site.now)
        if len(waiting) == len(batch.laboratory) + len(batch.open_deviations):
            return


def _attribute(batch: Batch, spans: list[Segment], until: int) -> None:
    """Attribute the wait to the pieces of what finished last."""
    for span in spans:
        batch.wait(min(span.until, until), span.cause, span.owner, span.detail)
    batch.wait(until, spans[-1].cause, spans[-1].owner, spans[-1].detail)


def _decide(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    draw = site.chance.stream("decision", batch.number)
    minutes = site.parameters.review.qp_minutes * draw.skewed(1, 0.4)
    turn: Turn = yield site.desks["qp"].submit(minutes, batch.urgency)
    batch.wait(turn.start, "qp_decision", "qp", "queue for the qualified person")
    batch.wait(turn.end, "qp_decision", "qp", "decision")
    refused = draw.happens(site.parameters.review.reject_rate)
    batch.decision = "rejected" if refused or batch.decision == "rejected" else "released"
    batch.decided = turn.end
    batch.row["status"] = batch.decision
    note(site, batch, "decision", turn.end, turn.person.id, "qp", value=batch.decision)
    if batch.decision == "released":
        note(site, batch, "certificate", turn.end, turn.person.id, "qp")
        site.go(ship(site, batch))


def _promise(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    """Change the promised day when it has come and the batch is not decided."""
    promised = batch.row["_promised"]
    while True:
        at, person = site.roster.next_in_office("qa_reviewer", max(promised - DAY, site.now))
        yield site.until(at)
        if batch.decided is not None:
            return
        promised = opening(max(promised, site.now) + 7 * DAY, OFFICE)
        batch.row["_promised"] = promised
        day = f"{site.calendar.local(promised):%Y-%m-%d}"
        note(site, batch, "promise_changed", at, person.id, "quality", "Not ready", day)
