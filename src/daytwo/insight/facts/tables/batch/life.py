"""How a batch's own events change its row: plan, execution, review, disposition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import STATE
from daytwo.insight.facts.folds import HOUR_US, earliest, latest, more, stopped
from daytwo.insight.facts.happening import micros

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.facts.declare import Changes
    from daytwo.insight.facts.happening import Happening

_COPIED = ("product_code", "product_name", "line", "mbr_id", "order_id")
_DAY = "day"
_INSTANT = "instant"


def planned(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold an order that was issued, or what an import says of one."""
    changes: dict[str, Any] = {name: it.get(name) for name in _COPIED if it.get(name)}
    version = it.get("mbr_version")
    if version:
        changes["mbr_version"] = version
    for name in ("planned_start", "planned_end"):
        if (at := it.get(name)) is not None and row[f"{name}_us"] is None:
            changes[f"{name}_us"] = micros(at)
    promise = it.day("promised_on")
    if promise and row["promised_on"] is None:
        changes["promised_on"] = promise
    return {**earliest(row, "planned", it), **changes}


def imported(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a batch of another system; its start counts where no event tells a better one."""
    start, precision = it.get("started_on"), it.get("started_precision")
    changes = dict(planned(row, it))
    if start and precision in {_DAY, _INSTANT} and row["started_us"] is None:
        changes |= {"started_us": micros(start), "started_seq": it.seq}
        changes[STATE] = row[STATE] | {"stated": True}
    return changes


def started(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold the first step; what an import merely stated gives way to it."""
    if row[STATE].get("stated"):
        state = {name: value for name, value in row[STATE].items() if name != "stated"}
        return {"started_us": it.us, "started_seq": it.seq, STATE: state}
    return earliest(row, "started", it)


def replanned(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a changed plan; the first plan stays the frozen one."""
    changes = more(row, "replans") | {"replanned_start_us": micros(it.payload["planned_start"])}
    previous = it.get("previous")
    if row["planned_start_us"] is None and previous is not None:
        changes["planned_start_us"] = micros(previous)
    return changes


def held(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a hold; its hours are counted when it ends."""
    return more(row, "holds") | dict(stopped(row, it, "hold_h", HOUR_US))


def review_opened(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold the opening of a review; only quality's begins its own leg."""
    return earliest(row, "qa_opened", it) if _function(it) == "quality" else {}


def review_closed(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold the end of a review by production or quality."""
    return latest(row, "qa_closed" if _function(it) == "quality" else "production_closed", it)


def returned(row: Mapping[str, Any], it: Happening) -> Changes:  # noqa: ARG001 - one form for all
    """Fold a record that quality sent back."""
    return more(row, "returns")


def decided(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold the disposition."""
    changes = latest(row, "decided", it)
    return {**changes, "decision": it.get("decision")} if changes else {}


def promised(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold the first promise; one that stands already stays."""
    return {} if row["promised_on"] else {"promised_on": it.day("promised_on")}


def promised_anew(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold another promise; the first one stays the one that counts."""
    return more(row, "promise_changes") | dict(promised(row, it))


def _function(it: Happening) -> str:
    return str(it.get("function") or "quality")
