"""The equipment state fact: one interval in which a piece of equipment was in one state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import (
    BORN,
    STATE,
    Fact,
    Fold,
    Inherited,
    moment,
    number,
    text,
    whole,
)
from daytwo.insight.facts.folds import HOUR_US

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

_INDEX = 0
"""The number of the row that remembers where an equipment's intervals begin; never born."""
_KEPT = 64
"""Begins remembered: enough for logbooks that were imported out of order."""


def _rows(it: Happening) -> Iterable[Key]:
    """Return the new interval, the one that it ends, and the index, in this order."""
    equipment = it.get("equipment_id")
    before = _before(it.row("equipment_state", equipment, _INDEX), it.us)
    ended = [(equipment, before[1])] if before else []
    return ((equipment, it.seq), *ended, (equipment, _INDEX))


def _before(index: Mapping[str, Any] | None, at: int) -> list[int] | None:
    begins = index[STATE]["begins"] if index is not None and index[STATE] else []
    return max((begin for begin in begins if begin[0] <= at), default=None)


def _entered(row: Mapping[str, Any], it: Happening) -> Changes:
    if row["number"] == _INDEX:
        state = row[STATE]
        first = min(it.us, state.get("first", it.us))
        begins = [*state.get("begins", ())[-_KEPT:], [it.us, it.seq]]
        return {STATE: {"first": first, "begins": begins}, BORN: False}
    if row["number"] != it.seq:
        return {"to_us": it.us}
    index = it.row("equipment_state", it.get("equipment_id"), _INDEX)
    return {
        "state": it.get("state"),
        "batch_id": it.get("batch_id"),
        "from_us": it.us,
        "to_us": _until(it, index),
    }


def _until(it: Happening, index: Mapping[str, Any] | None) -> int | None:
    """Return where the new interval ends already, because later ones were told before it."""
    if index is None or not index[STATE]:
        return None
    before = _before(index, it.us)
    if before is None:
        first = index[STATE]["first"]
        return int(first) if first > it.us else None
    broken = it.row("equipment_state", it.get("equipment_id"), before[1])
    return None if broken is None else broken["to_us"]


def _derive(row: Mapping[str, Any]) -> Changes:
    begin, end = row["from_us"], row["to_us"]
    return {"hours": None if begin is None or end is None else (end - begin) / HOUR_US}


FACT = Fact(
    name="equipment_state",
    grain="one interval in which a piece of equipment was in one state",
    key=(
        *text("equipment_id", "the number on its plate"),
        *whole("number", "the ledger's number of the event that began it"),
    ),
    anchor=("from_us",),
    own=(
        *text("state", "idle, setup, busy, cleaning, maintenance or down"),
        *moment("from", "begin"),
        *moment("to", "end; unknown while it lasts"),
        *text("batch_id", "the batch that it was for"),
        *text("product_code", "of the batch"),
        *number("hours", "hours that it lasted"),
    ),
    folds={"equipment.state.entered": Fold(_rows, _entered)},
    inherits=Inherited("batch", "batch_id", ("product_code",)),
    derive=_derive,
)
