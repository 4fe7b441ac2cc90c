"""The history of a lot and the logbook of equipment: who did what, when, latest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from daytwo.doors.web.labels import label
from daytwo.record.batches.queries import logbook as uses_of
from daytwo.record.ledger.reading import numbered, stream_events

if TYPE_CHECKING:
    from datetime import datetime

    from daytwo.record.ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history.

    Args:
        at: When, as the record spells times.
        what: What was done, in words.
        who: Printed name.
        batch_id: The batch that it was for; empty when for none.
        step_id: Its step.
        reason: Why, where a reason was asked.
        until: Until when it holds, where it does.
    """

    at: str
    what: str
    who: str
    batch_id: str = ""
    step_id: str = ""
    reason: str = ""
    until: datetime | None = None


def logbook(equipment_id: str) -> list[Line]:
    """Return what a piece of equipment was used for, cleaned and calibrated, latest first.

    References:
        21 CFR 211.182: date, time, product, lot, and the person who used or cleaned it.
    """
    uses = uses_of(equipment_id)
    events = numbered([use.event_seq for use in uses])
    lines = [
        Line(use.at, _("used"), events[use.event_seq].actor.name, use.batch_id, use.step_id)
        for use in uses
    ]
    for event in stream_events(f"equipment/{equipment_id}"):
        found = _of_equipment(event)
        if found is not None:
            what, until = found
            lines.append(Line(event.occurred_text, what, event.actor.name, until=until))
    return sorted(lines, key=lambda line: line.at, reverse=True)


def history(lot_id: str) -> list[Line]:
    """Return who received a lot and who changed its state, with the reason, latest first."""
    lines = []
    for event in reversed(stream_events(f"lot/{lot_id}")):
        what = _of_lot(event)
        if what:
            lines.append(
                Line(event.occurred_text, what, event.actor.name, reason=event.reason or "")
            )
    return lines


def _of_equipment(event: Recorded) -> tuple[str, datetime | None] | None:
    if event.type == "equipment.cleaned":
        return _("cleaned"), event.data.clean_until
    if event.type == "equipment.calibrated":
        return _("calibrated"), event.data.valid_until
    return (_("registered"), None) if event.type == "equipment.registered" else None


def _of_lot(event: Recorded) -> str:
    if event.type == "material.lot.received":
        return _("received")
    if event.type == "material.lot.status_changed":
        return str(label(event.data.status)).lower()
    return ""
