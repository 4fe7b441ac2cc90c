"""What a batch waits for besides its record: the laboratory's results and its deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import STATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

OF_DEVIATIONS = (
    "quality.deviation.opened",
    "quality.deviation.occurred",
    "quality.deviation.detected",
    "quality.deviation.recorded",
    "quality.deviation.closed",
    "quality.deviation.reopened",
)


def batch_of_sample(it: Happening) -> Iterable[Key]:
    """Return the batch of a final sample."""
    sample = it.row("sample", it.get("sample_id"))
    if sample is None or sample["subject_kind"] != "batch" or sample["stage"] != "final":
        return ()
    return ((sample["subject_id"],),) if sample["subject_id"] else ()


def batch_of_result(it: Happening) -> Iterable[Key]:
    """Return the batch of a final result of a final test."""
    if it.get("subject_kind") != "batch" or it.get("stage") != "final":
        return ()
    return ((it.get("subject_id"),),) if it.get("subject_id") else ()


def batch_of_deviation(it: Happening) -> Iterable[Key]:
    """Return the batch that a deviation concerns, as its own row has it."""
    found = it.row("deviation", it.get("deviation_id"))
    return ((found["batch_id"],),) if found is not None and found["batch_id"] else ()


def sample(row: Mapping[str, Any], it: Happening) -> Changes:
    """Take over how a final sample stands."""
    return _with_sample(row, it, it.row("sample", it.get("sample_id")))


def result(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a final result, whether its sample is known or not."""
    changes = dict(_with_sample(row, it, it.row("sample", it.get("sample_id"))))
    state = changes.get(STATE, row[STATE])
    if it.us >= state.get("final_us", it.us):
        state = state | {"final_us": it.us, "final_seq": it.seq}
    return changes | _final(state)


def _with_sample(row: Mapping[str, Any], it: Happening, found: Mapping[str, Any] | None) -> Changes:
    if found is None or found["stage"] != "final" or found["subject_id"] != row["batch_id"]:
        return {}
    taken, is_open = found["taken_us"], found["final"] == 0 or found["final"] < found["results"]
    name = it.get("sample_id")
    waiting = [s for s in row[STATE].get("waiting", ()) if s != name] + ([name] if is_open else [])
    known = row["lab_taken_us"]
    first = taken if known is None or (taken is not None and taken < known) else known
    return {"lab_taken_us": first, **_final(row[STATE] | {"waiting": waiting})}


def _final(state: Mapping[str, Any]) -> dict[str, Any]:
    waiting = len(state.get("waiting", ()))
    return {
        "lab_open": waiting,
        "lab_final_us": None if waiting else state.get("final_us"),
        "lab_final_seq": None if waiting else state.get("final_seq"),
        STATE: dict(state),
    }


def deviation(row: Mapping[str, Any], it: Happening) -> Changes:
    """Take over how a deviation of the batch stands."""
    name = it.payload["deviation_id"]
    found = it.row("deviation", name)
    if found is None:
        return {}
    times = [found[c] for c in ("detected_us", "recorded_us", "occurred_us")]
    detected = next((at for at in times if at is not None), it.us)
    closed = None if found["open"] else found["last_closed_us"]
    kept = row[STATE].get("deviations", {})
    seq = it.seq if it.type == "quality.deviation.closed" else kept.get(name, [0, 0, None])[2]
    every = kept | {name: [detected, closed, seq]}
    still = sum(end is None for _, end, _ in every.values())
    _, end, end_seq = max(every.values(), key=lambda one: (one[1] or 0, one[2] or 0))
    return {
        "deviations": len(every),
        "deviations_open": still,
        "deviation_first_us": min(one[0] for one in every.values()),
        "deviation_closed_us": None if still else end,
        "deviation_closed_seq": None if still else end_seq,
        STATE: row[STATE] | {"deviations": every},
    }
