"""Deviations: detected, recorded, triaged, investigated, closed, each in somebody's queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.batch import Segment
from daytwo.doors.simulator.flow.capas import consider_capa
from daytwo.doors.simulator.flow.words import description, finding, title
from daytwo.doors.simulator.plant.calendar import DAY, HOUR, MINUTE, OFFICE, opening
from daytwo.doors.simulator.plant.recipes import causes

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.chance import Draw
    from daytwo.doors.simulator.plant.desk import Turn
    from daytwo.doors.simulator.plant.recipes import Cause
    from daytwo.doors.simulator.plant.site import Row, Site

AREAS = {
    "Inoculum": "Cell culture",
    "Production": "Cell culture",
    "Blending": "Granulation",
}
"""Area of a unit procedure where its name differs."""

RATIONALE = {
    "minor": "No influence on quality attributes to be expected.",
    "major": "Influence on quality attributes cannot be excluded without further data.",
    "critical": "Specification or safety may be affected; disposition depends on the outcome.",
}
INVESTIGATED = {"minor": 0.35, "major": 1.0, "critical": 1.6}
"""Part of the investigation's work that a class takes."""

MOST_MOVES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What starts a deviation.

    Attributes:
        exception_no: Of the exception that was raised; empty when found otherwise.
        cause: True root cause; None for a confirmed result, whose cause lies in the process.
        occurred: When it happened.
        by: Who saw it.
        step_no: Step, if any.
        unit: Equipment, if any.
        process: Unit procedure.
        test: Name of the laboratory's test, for a confirmed result.
        critical: Not less than critical.
    """

    exception_no: str
    cause: Cause | None
    occurred: int
    by: str
    step_no: str = ""
    unit: str = ""
    process: str = ""
    test: str = ""
    critical: bool = False


def deviate(site: Site, batch: Batch, found: Finding) -> None:
    """Start a deviation; the batch is not released before it is closed."""
    number = site.number("DEV", 5)
    row: Row = {"dev_no": number, "batch_no": batch.number, "exception_no": found.exception_no}
    for exception in batch.exceptions:
        if exception["exception_no"] == found.exception_no:
            exception["deviation_no"] = number
    batch.open_deviations.append(site.go(_live(site, batch, found, row)))


def _live(site: Site, batch: Batch, found: Finding, row: Row) -> Generator[simpy.Event, Any, None]:
    draw = site.chance.stream("deviation", row["dev_no"])
    cause = found.cause or next(c for c in causes() if c.id == "unknown")
    spans: list[Segment] = []
    start = site.now - site.now % MINUTE
    yield from _record(site, batch, found, row, draw, cause)
    _span(spans, start, site.now, row, "not recorded yet")
    severity = _severity(site, found, draw)
    turn: Turn = yield site.desks["qa"].submit(
        site.parameters.quality.triage_minutes * draw.skewed(1, 0.3), -1
    )
    row |= {"triaged": turn.end, "severity": severity, "rationale": RATIONALE[severity]}
    _span(spans, turn.start, turn.end, row, "triage")
    yield from _investigate(site, batch, row, draw, severity, spans)
    category = _reported(site, cause, draw)
    human = category != cause.category
    turn = yield site.desks["qa"].submit(45 * draw.skewed(1, 0.4), batch.urgency)
    row |= {
        "root_cause_approved": turn.end,
        "root_cause": "Human error, operator instructed again."
        if human
        else finding(cause, draw, row["_facts"]),
        "category": category,
        "method": cause.method,
    }
    _span(spans, turn.start, turn.end, row, "approval of the root cause")
    consider_capa(site, row, cause, severity, draw)
    turn = yield site.desks["qa"].submit(30 * draw.skewed(1, 0.4), batch.urgency)
    row["closed"] = turn.end
    _span(spans, turn.start, turn.end, row, "closing")
    batch.deviation_spans = spans


def _record(
    site: Site, batch: Batch, found: Finding, row: Row, draw: Draw, cause: Cause
) -> Generator[simpy.Event, Any, None]:
    """Detect and record; detection may lag behind when nobody saw it at once."""
    occurred = found.occurred - found.occurred % MINUTE
    detected = site.now - site.now % MINUTE
    wait = int(site.parameters.quality.recording_hours * draw.skewed(1, 0.8) * HOUR)
    at = opening(detected + min(wait, 6 * DAY), OFFICE)
    yield site.until(-(-at // MINUTE) * MINUTE)
    lead = site.roster.lead(site.now)
    facts = {
        "unit": found.unit or "-",
        "clock": f"{site.calendar.local(occurred):%H:%M}",
        "n": str(draw.whole(2, 9)),
        "step": found.step_no or "-",
        "supervisor": lead.name,
        "operator": site.roster.by_id[found.by].name,
        "lab": "QC 2",
        "batch": batch.number,
    }
    process = found.process or "Laboratory"
    due = site.now + site.parameters.quality.due_days * DAY
    text = description(cause, draw, facts)
    if found.test:
        text = f"Result of {found.test} out of specification was confirmed. {text}"
    row |= {
        "area": AREAS.get(process, process),
        "process": process,
        "equipment": found.unit,
        "occurred": occurred,
        "detected": detected,
        "recorded": site.now,
        "title": f"Confirmed OOS {found.test}" if found.test else title(cause, draw, facts),
        "description": text,
        "due_first": due,
        "due_current": due,
        "_facts": facts,
        "_cause": cause,
        "_exception_no": found.exception_no,
    }
    site.tables["qms/deviations.csv"].append(row)
    site.go(_move_due(site, row, site.chance.stream("due", row["dev_no"])))


def _severity(site: Site, found: Finding, draw: Draw) -> str:
    quality = site.parameters.quality
    rest = 1 - quality.critical_share - quality.major_share
    index = draw.weighted([max(rest, 0), quality.major_share, quality.critical_share])
    return "critical" if found.critical else ("minor", "major", "critical")[index]


def _investigate(
    site: Site, batch: Batch, row: Row, draw: Draw, severity: str, spans: list[Segment]
) -> Generator[simpy.Event, Any, None]:
    quality, effort = site.parameters.quality, INVESTIGATED[severity]
    effort *= site.conditions.factor("investigation", "", site.now)
    asked = site.now

    def assigned(person: Any, t: int) -> None:
        row["assigned"] = t
        row["owner"] = person.id

    minutes = quality.investigation_hours * 60 * effort * draw.skewed(1, 0.5)
    turn: Turn = yield site.desks["investigators"].submit(
        minutes * 0.5, batch.urgency, on_start=assigned
    )
    _span(spans, asked, row["assigned"], row, "queue for an investigator")
    _span(spans, turn.start, turn.end, row, "investigation")
    evidence = quality.evidence_days * effort * draw.skewed(1, 0.6) * DAY
    yield site.env.timeout(int(evidence) // MINUTE * MINUTE)
    _span(spans, turn.end, site.now, row, "evidence of others")
    turn = yield site.desks["investigators"].submit(minutes * 0.5, batch.urgency)
    _span(spans, turn.asked, turn.end, row, "investigation")


def _reported(site: Site, cause: Cause, draw: Draw) -> str:
    """Return the category that is reported: human error more often than it is true."""
    biased = draw.happens(site.parameters.quality.human_error_bias)
    if biased and cause.category in {"method", "equipment", "environment", "measurement"}:
        return "human_error"
    return cause.category


def _move_due(site: Site, row: Row, draw: Draw) -> Generator[simpy.Event, Any, None]:
    """Move the due date as it comes near, as often as people dare."""
    for _ in range(MOST_MOVES):
        near = row["due_current"] - draw.whole(1, 4) * DAY
        at, person = site.roster.next_in_office("investigator", near)
        yield site.until(at)
        if "closed" in row:
            return
        old, new = row["due_current"], row["due_current"] + draw.pick((7, 14, 30)) * DAY
        row["due_current"] = new
        site.add(
            "qms/due_moves.csv",
            kind="deviation",
            number=row["dev_no"],
            moved=site.now,
            by=person.id,
            old=old,
            new=new,
            reason=draw.pick(
                ("Evidence of the supplier outstanding", "Capacity", "Awaiting laboratory data")
            ),
        )


def _span(spans: list[Segment], since: int, until: int, row: Row, what: str) -> None:
    since = spans[-1].until if spans else since
    spans.append(Segment(since, until, "deviation", "quality", f"{row['dev_no']}: {what}"))
