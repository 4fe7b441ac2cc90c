"""The deviation fact: one deviation, from what happened to its closure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import STATE, Fact, Fold, Inherited, count, flag, moment, text
from daytwo.insight.facts.folds import by, earliest, first, latest, more, moved
from daytwo.insight.facts.happening import micros

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.facts.declare import Changes
    from daytwo.insight.facts.happening import Happening

_DEVIATION = by("deviation_id")
_COPIED = (
    "title",
    "batch_id",
    "discrepancy_id",
    "area",
    "process",
    "equipment_id",
)


def _opened(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a discrepancy of ours that became a deviation."""
    detected = it.get("detected_at")
    seen = earliest(row, "detected", it, micros(detected)) if detected else {}
    return {
        **_copied(it, _COPIED),
        **earliest(row, "recorded", it),
        **seen,
        "severity": it.get("classification") or row["severity"],
    }


def _recorded(row: Mapping[str, Any], it: Happening) -> Changes:
    changes = {**_copied(it, _COPIED), **earliest(row, "recorded", it)}
    severity, due = it.get("severity"), it.day("due_on")
    if severity and row["triaged_us"] is None:
        changes["severity"] = severity
    if due:
        changes |= {"due_first_on": due, "due_on": row["due_on"] or due}
    return changes


def _copied(it: Happening, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: it.get(name) for name in names if it.get(name)}


def _triaged(row: Mapping[str, Any], it: Happening) -> Changes:
    return {**latest(row, "triaged", it), "severity": it.get("severity") or row["severity"]}


def _assigned(row: Mapping[str, Any], it: Happening) -> Changes:
    return {**earliest(row, "assigned", it), "owner": it.get("owner") or row["owner"]}


def _cause(row: Mapping[str, Any], it: Happening) -> Changes:
    return {
        **latest(row, "cause", it),
        **_copied(it, ("root_cause", "category", "method")),
    }


def _closed(row: Mapping[str, Any], it: Happening) -> Changes:
    return {
        **_copied(it, ("root_cause", "category", "batch_id")),
        **earliest(row, "closed", it),
        **latest(row, "last_closed", it),
    }


def _reopened(row: Mapping[str, Any], it: Happening) -> Changes:
    at = max(it.us, row[STATE].get("reopened_us", it.us))
    return more(row, "reopened") | {STATE: row[STATE] | {"reopened_us": at}}


def _derive(row: Mapping[str, Any]) -> Changes:
    closed, reopened = row["last_closed_us"], row[STATE].get("reopened_us")
    return {"open": closed is None or (reopened is not None and reopened >= closed)}


FACT = Fact(
    version=2,
    name="deviation",
    grain="one deviation",
    key=text("deviation_id", "its number"),
    anchor=("recorded_us", "detected_us", "occurred_us", "closed_us"),
    own=(
        *text("batch_id", "the batch; unknown where it concerns none"),
        *text("product_code", "of the batch"),
        *text("line", "of the batch"),
        *text("mbr_id", "of the batch"),
        *text("title", "in a line"),
        *text("area", "where"),
        *text("process", "in which process"),
        *text("equipment_id", "the equipment concerned"),
        *text("severity", "minor, major or critical, or the source's word"),
        *text("root_cause", "the cause, in words or as a code"),
        *text("category", "kind of cause"),
        *text("method", "how the cause was found"),
        *text("owner", "who investigates"),
        *moment("occurred", "it happened, as the investigation found"),
        *moment("detected", "somebody saw it: the clock of resolution starts", seq=True),
        *moment("recorded", "entered in the quality system", seq=True),
        *moment("triaged", "severity judged"),
        *moment("assigned", "investigation given to somebody", seq=True),
        *moment("cause", "root cause approved", seq=True),
        *moment("closed", "closed for the first time", seq=True),
        *moment("last_closed", "closed for the last time"),
        *count("reopened", "times taken up again"),
        *text("due_first_on", "first promised date of closure, ISO: the one that counts"),
        *text("due_on", "date as it stands"),
        *count("due_moves", "moves of the date"),
        *text("discrepancy_id", "the discrepancy that it came from"),
        *flag("open", "not closed, or taken up again since"),
    ),
    folds={
        "quality.deviation.opened": Fold(_DEVIATION, _opened),
        "quality.deviation.occurred": first(_DEVIATION, "occurred"),
        "quality.deviation.detected": first(_DEVIATION, "detected"),
        "quality.deviation.recorded": Fold(_DEVIATION, _recorded),
        "quality.deviation.triaged": Fold(_DEVIATION, _triaged),
        "quality.deviation.assigned": Fold(_DEVIATION, _assigned),
        "quality.deviation.root_cause_approved": Fold(_DEVIATION, _cause),
        "quality.deviation.closed": Fold(_DEVIATION, _closed),
        "quality.deviation.reopened": Fold(_DEVIATION, _reopened),
        "quality.deviation.due_date_moved": Fold(_DEVIATION, moved),
    },
    inherits=Inherited("batch", "batch_id", ("product_code", "line", "mbr_id")),
    derive=_derive,
)
