"""Use of the MES: who signs in, which functions are used, what people say and who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.plant.calendar import DAY, HOUR, MINUTE, OFFICE, WEEK, opening

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.plant.people import Person
    from daytwo.doors.simulator.plant.site import Site

FEATURES = (
    "electronic_logbook",
    "weigh_and_dispense",
    "scan_material",
    "exception_report",
    "review_by_exception",
    "trend_view",
    "shift_handover",
    "label_print",
    "batch_compare",
    "mobile_witness",
)
"""Functions that are licensed; the last ones are hardly used."""

POPULARITY = (10.0, 9.0, 9.0, 5.0, 4.0, 2.0, 3.0, 3.0, 0.1, 0.05)
SCREENS = ("order list", "step", "weighing", "batch record", "equipment status", "review")
FEEDBACK = (
    "Step {step} asks for the same value twice",
    "Scanner loses connection in booth; have to type labels",
    "Text of step {step} is unclear, new colleagues ask every time",
    "Too many clicks for the second signature",
    "Screen is slow after 22:00",
    "Bitte Einheit im Feld anzeigen (kg oder g?)",
    "Alarm list hides the confirm button",
    'Paper form still needed for the "reconciliation"; why?',
)
REFUSED = 0.02
FEATURE_RATE = 0.5
SCREEN_RATE = 0.35
RESOLVED = ("Will be in the next release", "Explained by phone", "Known, no date yet", "Solved")


def use(site: Site, person: Person, start: int) -> None:
    """Write one attendance's use of the system."""
    draw = site.chance.stream("use", person.id, start)
    at = start + 60 * draw.whole(1, 12)
    row: dict[str, Any] = {"person": person.id, "role": person.role}
    if draw.happens(REFUSED):
        site.add("mes/usage.csv", **row, at=at, event="sign_in_refused", name="terminal")
        at += MINUTE
    site.add("mes/usage.csv", **row, at=at, event="sign_in", name="terminal")
    later = at + int(draw.between(0.3, 7) * HOUR)
    if draw.happens(FEATURE_RATE):
        feature = FEATURES[draw.weighted(list(POPULARITY))]
        site.add("mes/usage.csv", **row, at=later, event="feature", name=feature)
    if draw.happens(SCREEN_RATE):
        site.add("mes/usage.csv", **row, at=later, event="screen", name=draw.pick(SCREENS))
    if person.role == "operator" and draw.happens(
        site.parameters.decay.feedback_per_100_shifts / 100
    ):
        site.go(_feedback(site, person, later))


def _feedback(site: Site, person: Person, at: int) -> Generator[simpy.Event, Any, None]:
    yield site.until(at)
    draw = site.chance.stream("feedback", person.id, at)
    row = site.add(
        "mes/usage.csv",
        at=at,
        person=person.id,
        role=person.role,
        event="feedback",
        name="step",
        text=draw.pick(FEEDBACK).format(step=f"{draw.whole(1, 30) * 10:04}"),
    )
    days = site.conditions.answer_days(at) * draw.skewed(1, 0.7)
    when, owner = site.roster.next_in_office("product_owner", at + int(days * DAY))
    yield site.until(when)
    site.add(
        "mes/usage.csv",
        at=when,
        person=owner.id,
        role="product_owner",
        event="feedback_answered",
        name="step",
        text=draw.pick(RESOLVED),
        ref=row,
    )


def attend(site: Site) -> Generator[simpy.Event, Any, None]:
    """Let people come and go, and use the system while they are there."""
    for person, team, start, end in sorted(site.roster.attendance, key=lambda a: (a[2], a[0].id)):
        yield site.until(start)
        site.add("hr/shifts.csv", person=person.id, team=team, start=start, end=end)
        if person.role not in {"warehouse", "technician", "mbr_author"}:
            use(site, person, start)


def deploy(site: Site) -> Generator[simpy.Event, Any, None]:
    """Deploy a release of the MES each quarter and change its configuration between."""
    draw = site.chance.stream("releases")
    release = 0
    while True:
        wait = int(draw.between(5, 8) * WEEK)
        at, owner = site.roster.next_in_office("product_owner", opening(site.now + wait, OFFICE))
        yield site.until(at)
        release += 1
        deployed = release % 2 == 0
        site.add(
            "mes/usage.csv",
            at=at,
            person=owner.id,
            role="product_owner",
            event="release_deployed" if deployed else "config_changed",
            name=f"4.{release // 2}" if deployed else "time-out of terminals",
        )
