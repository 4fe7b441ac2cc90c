"""The ledger as an object-centric log, for any period, in bounded memory."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from daytwo.doors.connectors.ocel.log import START
from daytwo.doors.connectors.ocel.meaning import attributes_of, goes_out, kept_by, said_by
from daytwo.record.ledger.reading import events

if TYPE_CHECKING:
    from daytwo.doors.connectors.ocel.log import Log
    from daytwo.doors.connectors.ocel.meaning import Said
    from daytwo.record.ledger.envelope import Recorded


def collect(log: Log, since: str = "", until: str = "") -> dict[str, int]:
    """Fill an empty log from the ledger.

    Events are those that are said to have happened in the period. An object that they speak of
    comes with what was known of it by the end of the period, also from events before its begin.

    Args:
        log: The log.
        since: Earliest occurred time, canonical UTC text; empty for all.
        until: Latest occurred time (exclusive), canonical UTC text; empty for all.

    Returns:
        How many events of each type were left out because they speak of no object: an
        object-centric log has no place for them.
    """
    left_out: Counter[str] = Counter()
    for event in events(page=500):
        if not goes_out(event.type) or (until and event.occurred_text >= until):
            continue
        said = said_by(event)
        _remember(log, event, said)
        if since and event.occurred_text < since:
            continue
        if not said.objects:
            left_out[event.type] += 1
            continue
        for id_, type_ in said.types.items():
            if not log.has_object(id_):
                log.object_types.declare(type_, kept_by(type_))
                log.add_object(id_, type_)
        log.event_types.declare(event.type, attributes_of(event.type))
        named = (f"event/{event.seq}", event.type, event.occurred_text)
        log.add_event(named, said.attributes, said.objects)
    log.keep_related_only()
    return dict(sorted(left_out.items()))


def _remember(log: Log, event: Recorded, said: Said) -> None:
    """Keep what an event says of the object whose history it belongs to."""
    if not said.main:
        return
    begins = event.version == 1
    for name, text in said.kept.items():
        if log.last_value(said.main, name) != text:
            log.add_value(said.main, name, text, START if begins else event.occurred_text)
    for id_, qualifier in said.objects:
        if id_ != said.main and said.types[id_] != "role":
            log.relate(said.main, id_, qualifier)
