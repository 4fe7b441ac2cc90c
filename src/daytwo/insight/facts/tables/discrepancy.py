"""The discrepancy fact: one thing that was not as it should be, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import Fact, Fold, Inherited, flag, moment, text
from daytwo.insight.facts.folds import by, earliest, first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

_DISCREPANCY = by("discrepancy_id")
_COPIED = ("batch_id", "step_id", "discrepancy_class", "code", "severity")
_RAISED = "batch.discrepancy.raised"


def _raised(row: Mapping[str, Any], it: Happening) -> Changes:
    copied = {name: it.get(name) for name in _COPIED if it.get(name)}
    blocking = bool(it.payload.get("blocking"))
    return {**earliest(row, "raised", it), **copied, "blocking": blocking}


def _closed(row: Mapping[str, Any], it: Happening) -> Changes:
    deviation = it.get("deviation_id")
    return {**earliest(row, "closed", it), "deviation_id": deviation or row["deviation_id"]}


def _classified(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold quality's word; where it asks for no deviation, nothing is left to do."""
    route = it.get("route")
    return {"route": route, **({} if route == "deviation" else earliest(row, "closed", it))}


def _became(row: Mapping[str, Any], it: Happening) -> Changes:  # noqa: ARG001 - one form for all
    return {"deviation_id": it.get("deviation_id")}


def _of_deviation(it: Happening) -> Iterable[Key]:
    found = it.row("deviation", it.get("deviation_id"))
    return ((found["discrepancy_id"],),) if found is not None and found["discrepancy_id"] else ()


FACT = Fact(
    name="discrepancy",
    grain="one discrepancy of a batch",
    key=text("discrepancy_id", "its number"),
    anchor=("raised_us", "closed_us"),
    after=("deviation",),
    own=(
        *text("batch_id", "the batch"),
        *text("product_code", "of the batch"),
        *text("line", "of the batch"),
        *text("step_id", "the step; unknown for the batch as a whole"),
        *text("discrepancy_class", "value, procedure, resource, integrity, interface, signal"),
        *text("code", "the kind within its class"),
        *text("severity", "minor or major"),
        *flag("blocking", "no further step until it is answered"),
        *moment("raised", "raised", seq=True),
        *moment("answered", "a supervisor said what was done"),
        *moment("closed", "nothing left to do"),
        *text("deviation_id", "the deviation that it became"),
        *text("route", "comment, exception or deviation"),
    ),
    folds={
        _RAISED: Fold(_DISCREPANCY, _raised),
        "batch.discrepancy.answered": first(_DISCREPANCY, "answered"),
        "batch.discrepancy.closed": Fold(_DISCREPANCY, _closed),
        "quality.discrepancy.classified": Fold(_DISCREPANCY, _classified),
        "quality.deviation.opened": Fold(_DISCREPANCY, _became),
        "quality.deviation.recorded": Fold(_DISCREPANCY, _became),
        "quality.deviation.closed": first(_of_deviation, "closed"),
    },
    inherits=Inherited("batch", "batch_id", ("product_code", "line")),
    born=frozenset({_RAISED}),
)
