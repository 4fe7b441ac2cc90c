"""The critical path of a release: each instant from the end of manufacture has one cause.

Rule: at each instant a batch waits for the unfinished prerequisite of its next milestone that
finishes last. The milestones in their order: the record is assembled; production has reviewed it;
results are final and deviations closed; quality has reviewed it; what was found meanwhile is
closed; it is decided. While prerequisites are unfinished for good, nobody knows which will finish
last: then a deviation goes before the laboratory, as it mostly takes longer.

References:
    Goldratt & Cox, The Goal (1984), on constraints; 21 CFR 211.192; EU GMP Annex 16.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daytwo.insight.kpis.subjects import HOUR_US

if TYPE_CHECKING:
    from collections.abc import Iterable

OWNERS = {
    "assembly": "production",
    "production_review": "production",
    "laboratory": "laboratory",
    "deviation": "quality",
    "qa_review": "quality",
    "qp_decision": "qualified person",
    "hold": "quality",
    "unrecorded": "unknown",
}
"""Every cause with the function that a batch waits for; `unrecorded` where no event tells."""

_REVIEWS = {"production": "production_review", "quality": "qa_review"}


@dataclass(frozen=True, slots=True)
class Wait:
    """A span in which a batch waited for one cause.

    Attributes:
        since_us: First instant, microseconds UTC.
        until_us: First instant after it.
        cause: A key of `OWNERS`.
        owner: Whom it waited for.
        detail: For what exactly.
    """

    since_us: int
    until_us: int
    cause: str
    owner: str
    detail: str

    @property
    def hours(self) -> float:
        """Length."""
        return (self.until_us - self.since_us) / HOUR_US


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened to a batch.

    Attributes:
        kind: As in the milestone fact.
        function: `production` or `quality`; empty where it is not known.
        at_us: When.
        seq: The ledger's number of the event.
    """

    kind: str
    function: str
    at_us: int
    seq: int


@dataclass(frozen=True, slots=True)
class Matter:
    """A prerequisite that runs beside the reviews: the laboratory, or a deviation.

    Attributes:
        cause: `laboratory` or `deviation`.
        name: Of the deviation.
        since_us: From when on it is known.
        until_us: When it was done; None while it is not.
        stages: (what it waits for, until when), in order.
    """

    cause: str
    name: str
    since_us: int
    until_us: int | None
    stages: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a batch after its manufacture.

    Attributes:
        ended_us: End of manufacture.
        decided_us: Disposition; None while undecided.
        milestones: In the order of time, then of the ledger.
        matters: Prerequisites beside the reviews.
    """

    ended_us: int
    decided_us: int | None
    milestones: tuple[Milestone, ...] = ()
    matters: tuple[Matter, ...] = ()


@dataclass(slots=True)
class _Path:
    """A path as it grows; it never goes back and never beyond its end."""

    at: int
    end: int
    waits: list[Wait] = field(default_factory=list)

    def until(self, to: int, cause: str, detail: str, owner: str = "") -> None:
        to = min(to, self.end)
        if to > self.at:
            self.waits.append(Wait(self.at, to, cause, owner or OWNERS[cause], detail))
            self.at = to


def critical_path(course: Course, now_us: int) -> tuple[Wait, ...]:
    """Return the waits of a batch from its end of manufacture to its disposition, or to now.

    Returns:
        Without gap or overlap, in order; empty where the batch was decided when it ended.

    References:
        See the module's.
    """
    end = now_us if course.decided_us is None else course.decided_us
    path = _Path(course.ended_us, max(end, course.ended_us))
    events = [m for m in course.milestones if m.at_us >= course.ended_us]
    assembled = _assembled(events)
    produced = _closed(events, "production")
    reviewed = _closed(events, "quality")
    undecided = course.decided_us is None
    if assembled is not None:
        path.until(assembled, "assembly", "record not complete")
    if produced is None and undecided:
        _stuck(path, events, assembled)
    elif produced is not None:
        _sessions(path, events, "production", produced)
    else:
        opened = [m.at_us for m in events if (m.kind, m.function) == ("review_opened", "quality")]
        path.until(min(opened, default=path.at), "unrecorded", "no review by production on record")
    _matters(path, course.matters)
    if reviewed is None and not undecided:
        path.until(path.end, "unrecorded", "no review by quality on record")
    _sessions(path, events, "quality", path.end if reviewed is None else reviewed)
    _matters(path, course.matters)
    path.until(path.end, "qp_decision", "decision")
    return tuple(_held(path.waits, events, path.end))


def _assembled(events: Iterable[Milestone]) -> int | None:
    """Return when the record was complete; natively production says so by its own review."""
    taken = list(events)
    complete = [m.at_us for m in taken if m.kind == "complete"]
    if complete:
        return complete[0]
    reviewed = any(m.function == "production" and m.kind == "review_opened" for m in taken)
    submitted = [m.at_us for m in taken if m.kind == "submitted"]
    return submitted[0] if reviewed and submitted else None


def _closed(events: Iterable[Milestone], function: str) -> int | None:
    """Return when a function's review ended for good; None while it has not.

    Where production says in one act that the record is complete and reviewed, that is its review.
    """
    taken = list(events)
    mine = [m for m in taken if m.function == function]
    ends = [m for m in mine if m.kind in {"review_closed", "reviewed"}]
    apart = any(m.kind == "complete" for m in taken) or any(
        m.kind.startswith("review_") for m in mine
    )
    if function == "production" and not apart:
        ends = [m for m in taken if m.kind == "submitted"][:1]
    if not ends:
        return None
    last = ends[-1]
    back = [m for m in mine if m.kind == "returned" and (m.at_us, m.seq) > (last.at_us, last.seq)]
    return None if back else last.at_us


def _stuck(path: _Path, events: Iterable[Milestone], assembled: int | None) -> None:
    if assembled is None:
        path.until(path.end, "assembly", "record not complete")
    _sessions(path, events, "production", path.end)


def _sessions(path: _Path, events: Iterable[Milestone], function: str, until: int) -> None:
    """Attribute a function's review up to its end: queue, review, and what was sent back."""
    cause = _REVIEWS[function]
    state, owner = f"queue for {function} review", ""
    for m in events:
        if m.at_us > until:
            break
        if m.kind == "submitted" and state.startswith("returned"):
            path.until(m.at_us, cause, state, owner)
            state, owner = f"queue for {function} review", ""
        elif m.function == function and m.kind in {"review_opened", "review_closed", "returned"}:
            path.until(m.at_us, cause, state, owner)
            state, owner = {
                "review_opened": (f"{function} review", ""),
                "review_closed": (f"{function} review", ""),
                "returned": ("returned, being corrected", "production"),
            }[m.kind]
    path.until(until, cause, state, owner)


def _matters(path: _Path, matters: Iterable[Matter]) -> None:
    """Attribute the wait for what is not done yet, and for what comes up meanwhile."""
    taken = list(matters)
    while True:
        still = [
            m
            for m in taken
            if m.since_us <= path.at < path.end and (m.until_us is None or m.until_us > path.at)
        ]
        if not still:
            return
        last = max(
            still,
            key=lambda m: (m.until_us is None, m.until_us or 0, m.cause == "deviation", m.name),
        )
        prefix = f"{last.name}: " if last.name else ""
        for what, at in last.stages:
            path.until(
                at if last.until_us is None else min(at, last.until_us), last.cause, prefix + what
            )
        to = path.end if last.until_us is None else last.until_us
        what = "not done" if not last.stages else last.stages[-1][0]
        path.until(to, last.cause, prefix + what)


def _held(waits: Iterable[Wait], events: Iterable[Milestone], end: int) -> Iterable[Wait]:
    """Give the instants on which the batch was on hold to the hold."""
    holds, since = [], None
    for m in events:
        if m.kind == "held" and since is None:
            since = m.at_us
        elif m.kind == "resumed" and since is not None:
            holds.append((since, m.at_us))
            since = None
    if since is not None:
        holds.append((since, end))
    for wait in waits:
        at = wait.since_us
        for begin, stop in holds:
            low, high = max(begin, at), min(stop, wait.until_us)
            if low >= high:
                continue
            if low > at:
                yield Wait(at, low, wait.cause, wait.owner, wait.detail)
            yield Wait(low, high, "hold", OWNERS["hold"], f"on hold; else {wait.detail}")
            at = high
        if at < wait.until_us:
            yield Wait(at, wait.until_us, wait.cause, wait.owner, wait.detail)
