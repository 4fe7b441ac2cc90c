"""Changes of master batch records, from the request to the first use of the new version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.plant.calendar import DAY, HOUR, OFFICE, WEEK, opening
from daytwo.doors.simulator.plant.recipes import products

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.chance import Draw
    from daytwo.doors.simulator.plant.desk import Turn
    from daytwo.doors.simulator.plant.recipes import Product, Step
    from daytwo.doors.simulator.plant.site import Row, Site

YEAR = 52 * WEEK
MOST_ROUNDS = 4
WISHES = ("Clarify the text of a step", "Tighten a limit", "Add a check", "Less signatures")
FAULTS = ("Limit not justified", "Text ambiguous", "Reference to SOP outdated", "Step number wrong")


@dataclass(frozen=True, slots=True)
class Change:
    """A change under way; `row` is the change control's row in the QMS."""

    number: str
    product: Product
    version: int
    row: Row
    draw: Draw


class Masters:
    """Master batch records by product and version, and how often each version was used."""

    def __init__(self, site: Site) -> None:
        """Begin with the first version of every product."""
        self._site = site
        self._steps: dict[tuple[str, int], tuple[Step, ...]] = {
            (product.code, 1): product.steps for product in products()
        }
        self._used: dict[tuple[str, int], int] = {}
        self._changes: dict[tuple[str, int], Change] = {}

    def revise(self, change: Change) -> None:
        """Make the next version: one step's text is revised."""
        product, draw = change.product, change.draw
        steps = list(self._steps[product.code, change.version - 1])
        at = draw.whole(0, len(steps) - 1)
        plain = steps[at].text.partition(" (rev. ")[0]
        steps[at] = replace(steps[at], text=f"{plain} (rev. {change.version})")
        self._steps[product.code, change.version] = tuple(steps)
        self._changes[product.code, change.version] = change

    def issue(self, product: Product, version: int) -> tuple[tuple[Step, ...], int]:
        """Return the steps for a new batch, and which use of its version it is, from 1."""
        key = (product.code, version)
        self._used[key] = self._used.get(key, 0) + 1
        return self._steps[key], self._used[key]

    def started(self, batch: Batch) -> None:
        """Note the first use of a version."""
        change = self._changes.pop((batch.product.code, batch.version), None)
        if change is not None:
            log(self._site, change, "first_use", 1, self._site.roster.lead(self._site.now).id)
            self._site.go(_retire(self._site, change))


def request_changes(site: Site, product: Product, until: int) -> Generator[simpy.Event, Any, None]:
    """Request changes of a product's master batch record now and then, one after the other."""
    draw = site.chance.stream("changes", product.code)
    rate = site.parameters.changes.requests_per_product_year
    while rate > 0:
        wait = YEAR / rate * draw.between(0.4, 1.4)
        at, person = site.roster.next_in_office("process_engineer", site.now + int(wait))
        yield site.until(at)
        if at > until:
            return
        yield from _change(site, product, person.id)


def _change(site: Site, product: Product, by: str) -> Generator[simpy.Event, Any, None]:
    """Bring one change from the request to effectiveness."""
    p, version = site.parameters.changes, site.versions[product.code] + 1
    number = site.number("CC", 4)
    draw = site.chance.stream("change", number)
    wish = draw.pick(WISHES)
    row = site.add(
        "qms/changes.csv",
        change_no=number,
        title=f"{wish} in {product.mbr}",
        kind="mbr",
        opened=site.now,
        mbr=product.mbr,
        mbr_version=str(version),
    )
    change = Change(number, product, version, row, draw)
    log(site, change, "requested", 1, by, wish)
    turn: Turn = yield site.desks["authors"].submit(p.author_hours * 60 * draw.skewed(1, 0.4))
    log(site, change, "drafted", 1, turn.person.id)
    rounds = yield from _approve(site, change, turn.person.id)
    row["approved"] = site.now
    turn = yield site.desks["engineers"].submit(p.validation_hours * 60 * draw.skewed(1, 0.3))
    log(site, change, "validated", rounds, turn.person.id)
    days = p.training_days * draw.skewed(1, 0.3)
    at, person = site.roster.next_in_office("process_engineer", site.now + int(days * DAY))
    yield site.until(at)
    site.masters.revise(change)
    _train(site, change)
    log(site, change, "trained", rounds, person.id)
    at, person = site.roster.next_in_office("qa_reviewer", site.now + 2 * HOUR)
    yield site.until(at)
    log(site, change, "effective", rounds, person.id)
    site.versions[product.code] = version
    row["implemented"] = site.now
    site.go(_close(site, row, draw.whole(5, 25)))


def _approve(site: Site, change: Change, author: str) -> Generator[simpy.Event, Any, int]:
    """Submit until both production and quality approve; return the rounds that it took."""
    p, draw = site.parameters.changes, change.draw
    for tries in range(1, MOST_ROUNDS + 1):
        log(site, change, "submitted", tries, author)
        minutes = p.approval_hours * 60
        turn: Turn = yield site.desks["production"].submit(minutes * draw.skewed(1, 0.4))
        returned = draw.happens(p.return_rate / 2) and tries < MOST_ROUNDS
        if not returned:
            log(site, change, "approved_production", tries, turn.person.id)
            turn = yield site.desks["qa"].submit(minutes * draw.skewed(1, 0.4))
            returned = draw.happens(p.return_rate / 2) and tries < MOST_ROUNDS
            if not returned:
                log(site, change, "approved_quality", tries, turn.person.id)
                return tries
        log(site, change, "returned", tries, turn.person.id, draw.pick(FAULTS))
        turn = yield site.desks["authors"].submit(p.author_hours * 20 * draw.skewed(1, 0.4))
        author = turn.person.id
    return MOST_ROUNDS


def log(site: Site, change: Change, event: str, round_no: int, by: str, reason: str = "") -> None:
    """Write a line of the flow, now."""
    site.add(
        "mes/mbr_changes.csv",
        mbr=change.product.mbr,
        version=str(change.version),
        product=change.product.code,
        change_no=change.number,
        event=event,
        round=str(round_no),
        at=site.now,
        by=by,
        reason=reason,
    )


def _train(site: Site, change: Change) -> None:
    for person in site.roster.of("operator"):
        site.add(
            "hr/training.csv",
            person=person.id,
            qualification="read and understood",
            subject=f"{change.product.mbr} v{change.version}",
            at=site.now,
            valid_until=site.now + 2 * 365 * DAY,
        )


def _retire(site: Site, change: Change) -> Generator[simpy.Event, Any, None]:
    """Retire the version before, some days after the first use of the next."""
    at, person = site.roster.next_in_office("qa_reviewer", site.now + change.draw.whole(2, 9) * DAY)
    yield site.until(at)
    old = replace(change, version=change.version - 1)
    log(site, old, "retired", 1, person.id)


def _close(site: Site, row: Row, days: int) -> Generator[simpy.Event, Any, None]:
    yield site.until(opening(site.now + days * DAY, OFFICE))
    row["closed"] = site.now


def plan_improvements(site: Site) -> None:
    """Put the planted improvements into change control, as the plant knows them."""
    for entry in site.conditions.improvements:
        site.go(_improve(site, entry))


def _improve(site: Site, entry: dict[str, Any]) -> Generator[simpy.Event, Any, None]:
    draw = site.chance.stream("improvement", entry["id"])
    opened = opening(max(0, entry["t"] - draw.whole(30, 60) * DAY), OFFICE)
    yield site.until(opened)
    kind = "system" if entry["lever"] in {"manual", "qa_minutes"} else "procedure"
    row = site.add(
        "qms/changes.csv",
        change_no=site.number("CC", 4),
        title=entry["title"],
        kind=kind,
        opened=opened,
        _improvement=entry["id"],
    )
    entry["change_no"] = row["change_no"]
    yield site.until(opening(opened + (entry["t"] - opened) // 2, OFFICE))
    row["approved"] = site.now
    yield site.until(entry["t"])
    row["implemented"] = entry["t"]
    at, person = site.roster.next_in_office("product_owner", entry["t"])
    yield site.until(at)
    event = "release_deployed" if kind == "system" else "config_changed"
    site.add(
        "mes/usage.csv",
        at=at,
        person=person.id,
        role="product_owner",
        event=event,
        name=row["change_no"],
        text=entry["title"],
    )
    yield from _close(site, row, 20)
