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


def entry(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold an entry."""
    names = ["entries"]
    if (it.get("method") or "manual").startswith("manual"):
        names.append("manual_entries")
    if it.late:
        names.append("late_entries")
    return more(row, *names) | dict(step_seen(row, it))


def step_done(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold the completion of a step; one that is told twice counts once."""
    step = it.row("step", it.get("batch_id"), it.get("step_id"))
    seen = dict(step_seen(row, it))
    if step is None or step["completed_seq"] != it.seq:
        return seen
    done = row[STATE].get("done", 0) + 1
    return seen | {"steps": done, STATE: seen.get(STATE, row[STATE]) | {"done": done}}


def step_seen(row: Mapping[str, Any], it: Happening) -> Changes:
    """Count a step with a workaround, or one done on paper, the first time it shows."""
    step = it.row("step", it.get("batch_id"), it.get("step_id"))
    if step is None:
        return {}
    changes: dict[str, Any] = {}
    state = row[STATE]
    for column, mark in (("workarounds", "workaround"), ("paper_steps", "paper")):
        known = state.get(column, ())
        if step[mark] and step["step_id"] not in known:
            state = state | {column: [*known, step["step_id"]]}
            changes |= {column: row[column] + 1, STATE: state}
    return changes


def discrepancy(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a discrepancy."""
    names = ["discrepancies"]
    if it.get("code") == "not_applicable":
        names.append("na_entries")
    return more(row, *names) | dict(step_seen(row, it))


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
