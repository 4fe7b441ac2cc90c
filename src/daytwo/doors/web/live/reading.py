"""Where each batch on the floor is, and what it waits for; a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from daytwo.doors.web.labels import label
from daytwo.record.batches import queries
from daytwo.record.batches.enums import BatchState, StepState
from daytwo.record.batches.models import BatchStep, Discrepancy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daytwo.record.batches.models import Batch

_IN_HAND = (StepState.OFFERED, StepState.CLAIMED, StepState.DONE)


@dataclass(frozen=True, slots=True)
class Place:
    """A batch on the floor.

    Args:
        batch: The batch.
        step: The step that wants a hand, if any is offered.
        since: Since when it stands so, as the record spells times.
        waits: What it waits for, in words.
        kind: plain, now, attention, stop, hold: how that is shown.
        unanswered: Discrepancies that wait for an answer.
        why: More about what it waits for, where there is more to say.
    """

    batch: Batch
    step: BatchStep | None
    since: str | None
    waits: str
    kind: str
    unanswered: tuple[Discrepancy, ...]
    why: str = ""


def live() -> list[Place]:
    """Return the batches on the floor, those that need a hand first."""
    rows = queries.live_batches()
    steps = _current([row.id for row in rows])
    found = _unanswered([row.id for row in rows])
    places = [_place(row, steps.get(row.id), tuple(found[row.id])) for row in rows]
    urgency = {"stop": 0, "hold": 1, "attention": 2, "now": 3, "plain": 4}
    return sorted(places, key=lambda p: (urgency[p.kind], p.since or ""))


def _current(ids: Iterable[str]) -> dict[str, BatchStep]:
    rows = BatchStep.objects.filter(batch_id__in=list(ids), state__in=_IN_HAND)
    return {row.batch_id: row for row in rows.order_by("batch_id", "-position")}


def _unanswered(ids: Iterable[str]) -> defaultdict[str, list[Discrepancy]]:
    found: defaultdict[str, list[Discrepancy]] = defaultdict(list)
    for row in Discrepancy.objects.filter(batch_id__in=list(ids), answered_at=None):
        found[row.batch_id].append(row)
    return found


def _place(batch: Batch, step: BatchStep | None, found: tuple[Discrepancy, ...]) -> Place:
    if batch.state == BatchState.HELD:
        waits = _("held, a supervisor")
        return Place(batch, step, None, waits, "hold", found, batch.hold_reason)
    blocking = next((d for d in found if d.blocking), None)
    if blocking is not None and step is None:
        return Place(
            batch, step, blocking.raised_at, _("the answer of a supervisor"), "stop", found
        )
    if step is None:
        return Place(batch, step, batch.planned_at, _("a supervisor"), "attention", found)
    if blocking is not None:
        waits = _("%(step)s, then the answer of a supervisor") % {"step": label(step.kind)}
        return Place(batch, step, blocking.raised_at, waits, "attention", found)
    if step.state == StepState.DONE:
        return Place(batch, step, step.done_at, _("a second person to verify"), "attention", found)
    if step.state == StepState.CLAIMED:
        return Place(batch, step, step.claimed_at, _("in work"), "now", found)
    waits = _("the first step") if batch.started_at is None else label(step.kind)
    return Place(batch, step, step.offered_at, waits, "plain", found)
