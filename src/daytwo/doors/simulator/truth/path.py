"""The critical path of a batch's release: whom it waited for at each instant, and no gap."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.batch import Segment

if TYPE_CHECKING:
    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.calendar import Calendar

LEGS = {
    "assembly": "assembly_h",
    "production_review": "production_review_h",
    "lab": "lab_wait_h",
    "deviation": "deviation_wait_h",
    "qa_review": "qa_review_h",
    "qp_decision": "qp_decision_h",
}
OWNERS = {"assembly": "production", "production_review": "production", "lab": "laboratory"}


def critical_path(batch: Batch, end: int) -> list[Segment]:
    """Return the path from the end of manufacture to the decision, or to the end of the period.

    A batch that is open at the end of the period has its true causes too: the plant runs on
    unseen. What was not even decided then belongs to the leg that it is stuck in.
    """
    if batch.ended is None or batch.ended > end:
        return []
    decided = batch.decided is not None and batch.decided <= end
    until = batch.decided if decided and batch.decided is not None else end
    path = [
        Segment(s.since, min(s.until, until), s.cause, s.owner, s.detail)
        for s in batch.path
        if s.since < until
    ]
    last = path[-1].until if path else batch.ended
    if last < until:
        cause = _stuck(batch)
        owner = OWNERS.get(cause, "quality")
        path.append(Segment(last, until, cause, owner, "not finished when the plant stopped"))
    return path


def _stuck(batch: Batch) -> str:
    """Return the cause of a wait that never ended."""
    if batch.stage == "lab" and all(event.processed for event in batch.laboratory):
        return "deviation"
    return batch.stage or "assembly"


def described(path: list[Segment], calendar: Calendar) -> list[dict[str, Any]]:
    """Return a path as it is written."""
    return [
        {
            "from": calendar.iso(s.since),
            "to": calendar.iso(s.until),
            "cause": s.cause,
            "owner": s.owner,
            "detail": s.detail,
        }
        for s in path
    ]


def legs(path: list[Segment], calendar: Calendar) -> dict[str, float]:
    """Return the hours of each leg; together they are the whole path."""
    hours: defaultdict[str, float] = defaultdict(float)
    for segment in path:
        hours[segment.cause] += calendar.hours(segment.since, segment.until)
    return {leg: round(hours[cause], 4) for cause, leg in LEGS.items()}
