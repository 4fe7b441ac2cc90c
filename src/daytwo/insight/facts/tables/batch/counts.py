"""What is counted of a batch: entries, corrections, workarounds, signatures, units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import STATE
from daytwo.insight.facts.folds import more
from daytwo.insight.facts.numbers import as_float
from daytwo.insight.facts.tables.step import is_witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

_RECORD = "batch/"


_OF_STEPS = {
    "entries": "entries",
    "manual_entries": "manual_entries",
    "late_entries": "late",
    "workarounds": "workaround",
    "paper_steps": "paper",
}
"""What of the batch is the sum of what of its steps."""


def of_step(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold what an event changed of a step of the batch."""
    change = it.change("step", it.get("batch_id"), it.get("step_id"))
    if change is None:
        return {}
    before, after = change
    sums = {
        column: row[column] + int(after[source]) - int(before[source] if before else 0)
        for column, source in _OF_STEPS.items()
    }
    was_done = before is not None and before["completed_us"] is not None
    return sums | {"steps": row["steps"] + (after["completed_us"] is not None) - was_done}


def discrepancy(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a discrepancy."""
    names = ["discrepancies"]
    if it.get("code") == "not_applicable":
        names.append("na_entries")
    return more(row, *names) | dict(of_step(row, it))


def correction(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a correction; before the signature it is no error, but counted apart."""
    after = it.payload.get("after_signoff", True)
    return more(row, "corrections_after" if after else "corrections_before")


def signed_batch(it: Happening) -> Iterable[Key]:
    """Return the batch whose record a signature is on."""
    if it.type == "batch.step.signed":
        batch = it.get("batch_id")
    else:
        record = it.payload.get("record", "")
        batch = record.removeprefix(_RECORD) if record.startswith(_RECORD) else None
    return ((batch,),) if batch else ()


def signature(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a signature on the record or on one of its steps."""
    names = ["signatures"]
    if is_witness(it):
        names.append("witnesses")
    if it.payload.get("automated"):
        names.append("automated_signatures")
    return more(row, *names)


def distributed(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold units that left the site."""
    return {"units": row["units"] + int(it.payload.get("units") or 0)}


def measured_yield(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a yield; the latest percentage stands."""
    percent = as_float(it.get("percent"))
    at = row[STATE].get("yield_us")
    if percent is None or (at is not None and at > it.us):
        return {}
    return {"theoretical_yield_pct": percent, STATE: row[STATE] | {"yield_us": it.us}}
