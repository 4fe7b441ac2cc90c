"""The review fact: one session in which a person reviewed a batch's record."""

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
from daytwo.insight.facts.folds import earliest, latest
from daytwo.insight.facts.numbers import as_float

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

_INDEX = 0
"""The number of the row that only remembers how many sessions a reviewer had; it is never born."""
_OUTCOMES = {
    "release.record.reviewed": "reviewed",
    "release.record.returned": "returned",
    "batch.record.completed": "reviewed",
}


def _who(it: Happening) -> tuple[str, str, str]:
    function = "production" if it.type == "batch.record.completed" else it.get("function")
    return it.payload["batch_id"], str(function or "quality"), it.person or ""


def _opened(it: Happening) -> Iterable[Key]:
    who = _who(it)
    return ((*who, _INDEX), (*who, _sessions(it, who) + 1))


def _present(it: Happening) -> Iterable[Key]:
    """Return the reviewer's last session; a closing that nobody opened is a session too."""
    who = _who(it)
    sessions = _sessions(it, who)
    if sessions:
        return ((*who, sessions),)
    return ((*who, _INDEX), (*who, 1)) if it.type == "release.review.closed" else ()


def _sessions(it: Happening, who: tuple[str, str, str]) -> int:
    index = it.row("review", *who, _INDEX)
    return int(index[STATE].get("sessions", 0)) if index is not None else 0


def _begin(row: Mapping[str, Any], it: Happening) -> Changes:
    return _counted(row) if row["number"] == _INDEX else earliest(row, "opened", it)


def _counted(row: Mapping[str, Any]) -> Changes:
    return {STATE: {"sessions": row[STATE].get("sessions", 0) + 1}, BORN: False}


def _end(row: Mapping[str, Any], it: Happening) -> Changes:
    if row["number"] == _INDEX:
        return _counted(row)
    changes = dict(latest(row, "closed", it))
    if it.type == "release.review.closed":
        minutes = as_float(it.get("active_minutes"))
        return changes | ({} if minutes is None else {"active_min": minutes})
    return changes | {"outcome": _OUTCOMES[it.type]}


FACT = Fact(
    name="review",
    grain="one review session of one person",
    key=(
        *text("batch_id", "the batch"),
        *text("function", "production or quality"),
        *text("reviewer", "who reviewed; empty where the source does not say"),
        *whole("number", "the reviewer's first, second session of this batch"),
    ),
    anchor=("opened_us", "closed_us"),
    own=(
        *text("product_code", "of the batch"),
        *text("line", "of the batch"),
        *moment("opened", "opened"),
        *moment("closed", "closed, or decided upon"),
        *number("active_min", "minutes without the idle times"),
        *text("outcome", "reviewed or returned; unknown while open"),
    ),
    folds={
        "release.review.opened": Fold(_opened, _begin),
        "release.review.closed": Fold(_present, _end),
        "release.record.reviewed": Fold(_present, _end),
        "release.record.returned": Fold(_present, _end),
        "batch.record.completed": Fold(_present, _end),
    },
    inherits=Inherited("batch", "batch_id", ("product_code", "line")),
    born=frozenset({"release.review.opened", "release.review.closed"}),
)
