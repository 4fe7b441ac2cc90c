"""The step fact: one step of one batch, from its offer to its last check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import (
    Fact,
    Fold,
    Inherited,
    count,
    flag,
    moment,
    number,
    sum_of,
    text,
    whole,
)
from daytwo.insight.facts.folds import (
    MINUTE_US,
    by,
    earliest,
    first,
    latest,
    more,
    stopped,
    went_on,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

INSTEAD_OF_INTERFACE = frozenset({"manual_interface_down"})
"""Methods of an entry that was made by hand although an interface exists."""
NOT_APPLICABLE = "not_applicable"
_STEP = by("batch_id", "step_id")
_DESCRIBED = ("title", "unit_procedure", "operation", "phase", "kind", "criticality", "unit")
_SUBJECT = "step/"


def _planned_steps(it: Happening) -> Iterable[Key]:
    batch = it.get("batch_id")
    return [(batch, step["id"]) for step in it.payload.get("steps") or () if step.get("id")]


def _planned(row: Mapping[str, Any], it: Happening) -> Changes:
    for place, step in enumerate(it.payload["steps"], start=1):
        if step.get("id") == row["step_id"]:
            return {"position": place, **_description(step)}
    return {}


def _description(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in _DESCRIBED if said.get(name)}


def _offered(row: Mapping[str, Any], it: Happening) -> Changes:
    place = it.get("position")
    position = {"position": place} if place else {}
    return {**earliest(row, "offered", it), **_description(it.payload), **position}


def _claimed(row: Mapping[str, Any], it: Happening) -> Changes:
    doer = {"performer": it.person, "role_or_team": it.role} if it.person else {}
    return {**earliest(row, "claimed", it), **doer}


def _entered(row: Mapping[str, Any], it: Happening) -> Changes:
    method = it.get("method") or "manual"
    by_hand = ["manual_entries"] if method.startswith("manual") else []
    return {
        **more(row, "values_entered", *by_hand),
        **earliest(row, "input", it),
        "method": method,
        "instead": row["instead"] or method in INSTEAD_OF_INTERFACE,
        **_noted(row, it),
    }


def _noted(row: Mapping[str, Any], it: Happening) -> dict[str, Any]:
    """Return when something of the step was written down, and whether that was late."""
    changes: dict[str, Any] = {"noted_us": max(row["noted_us"] or 0, it.noted_us)}
    if it.late:
        changes |= {"late": True, "late_min": max(row["late_min"] or 0.0, it.late_minutes)}
    return changes


def _completed(row: Mapping[str, Any], it: Happening) -> Changes:
    changes = {**earliest(row, "completed", it), **_noted(row, it)}
    if it.get("outcome") == NOT_APPLICABLE:
        changes["na"] = True
    if row["performer"] is None and it.person:
        changes |= {"performer": it.person, "role_or_team": it.role}
    return changes


def _verified(row: Mapping[str, Any], it: Happening) -> Changes:
    return {**latest(row, "verified", it), "verifier": it.person or row["verifier"]}


def _corrected(row: Mapping[str, Any], it: Happening) -> Changes:
    after = "corrected_after" if it.payload.get("after_signoff", True) else "corrected"
    return more(row, *{"corrected", after})


def _discrepancy(row: Mapping[str, Any], it: Happening) -> Changes:
    code = it.get("code")
    changes = more(row, "discrepancies")
    if code == NOT_APPLICABLE:
        changes["na"] = True
    if code == "override":
        changes["override"] = True
    return changes


def signed_step(it: Happening) -> Iterable[Key]:
    """Return batch and step of a signature in the stream of a batch, if it is on a step."""
    if it.type == "batch.step.signed":
        return _STEP(it)
    record, subject = it.payload.get("record", ""), it.payload.get("subject", "")
    if record.startswith("batch/") and subject.startswith(_SUBJECT):
        return ((record.removeprefix("batch/"), subject.removeprefix(_SUBJECT)),)
    return ()


def is_witness(it: Happening) -> bool:
    """Say whether a signature is of a second person who looked."""
    meaning = str(it.payload.get("meaning", "")).lower()
    return any(word in meaning for word in ("verified", "witness", "checked"))


def _signature(row: Mapping[str, Any], it: Happening) -> Changes:
    return more(row, "signatures", *(["witnesses"] if is_witness(it) else []))


def _derive(row: Mapping[str, Any]) -> Changes:
    offered, claimed, completed = row["offered_us"], row["claimed_us"], row["completed_us"]
    touch = wait = None
    if claimed is not None and completed is not None:
        touch = (completed - claimed) / MINUTE_US - row["paused_min"]
    if offered is not None and claimed is not None:
        wait = (claimed - offered) / MINUTE_US
    workaround = bool(row["instead"] or row["override"] or row["late"] or row["na"] or row["paper"])
    done = completed is not None
    return {
        "entries": row["values_entered"] or int(done),
        "touch_min": touch,
        "wait_min": wait,
        "workaround": workaround,
    }


FACT = Fact(
    name="step",
    grain="one step of one batch, from the moment it is offered",
    key=(*text("batch_id", "the batch"), *text("step_id", "the step, as the master names it")),
    anchor=("completed_us", "claimed_us"),
    own=(
        *text("product_code", "of the batch"),
        *text("line", "production line of the batch"),
        *text("mbr_id", "master batch record of the batch"),
        *moment("offered", "offered"),
        *moment("claimed", "a person began it"),
        *moment("input", "first entry"),
        *moment("completed", "done: the declared time of the activity", seq=True),
        *moment("verified", "last check by a second person"),
        *moment("noted", "the last entry was written down"),
        *text("title", "as people read it"),
        *text("unit_procedure", "ISA-88 unit procedure"),
        *text("operation", "ISA-88 operation"),
        *text("phase", "ISA-88 phase"),
        *text("kind", "kind of step"),
        *text("criticality", "CPP, CQA, GMP or none"),
        *text("unit", "equipment or workplace"),
        *whole("mbr_version", "version of the master"),
        *whole("position", "place in the procedure, from 1"),
        *text("performer", "who did it"),
        *text("role_or_team", "in which role or team"),
        *text("verifier", "who checked it last"),
        *count("values_entered", "values entered"),
        *count("manual_entries", "of these by hand"),
        *count("entries", "values entered; 1 where the step was only confirmed"),
        *text("method", "of the last entry: manual, device, interface, manual_interface_down"),
        *flag("instead", "an entry by hand although an interface exists"),
        *flag("late", "written down over 30 min after the activity"),
        *number("late_min", "minutes of the latest of these"),
        *count("corrected", "corrections"),
        *count("corrected_after", "corrections after the step was signed"),
        *flag("paper", "done on paper and entered later"),
        *flag("na", "marked not applicable"),
        *flag("override", "order or check overridden"),
        *flag("workaround", "instead, override, late, na or paper"),
        *count("discrepancies", "discrepancies raised"),
        *count("signatures", "signatures on it"),
        *count("witnesses", "of these by a second person"),
        *number("touch_min", "minutes from claim to completion without the pauses"),
        *number("wait_min", "minutes from offer to claim"),
        *sum_of("paused_min", "minutes paused"),
    ),
    folds={
        "batch.planned": Fold(_planned_steps, _planned),
        "batch.step.offered": Fold(_STEP, _offered),
        "batch.step.claimed": Fold(_STEP, _claimed),
        "batch.step.input_begun": first(_STEP, "input"),
        "batch.step.value_entered": Fold(_STEP, _entered),
        "batch.step.completed": Fold(_STEP, _completed),
        "batch.step.verified": Fold(_STEP, _verified),
        "batch.step.corrected": Fold(_STEP, _corrected),
        "batch.step.paused": Fold(_STEP, lambda r, it: stopped(r, it, "paused_min", MINUTE_US)),
        "batch.step.continued": Fold(_STEP, lambda r, it: went_on(r, it, "paused_min", MINUTE_US)),
        "batch.step.back_entered": Fold(_STEP, lambda r, it: {"paper": True, **_noted(r, it)}),
        "batch.step.signed": Fold(signed_step, _signature),
        "access.signature.applied": Fold(signed_step, _signature),
        "batch.discrepancy.raised": Fold(_STEP, _discrepancy),
    },
    inherits=Inherited("batch", "batch_id", ("product_code", "line", "mbr_id", "mbr_version")),
    born=frozenset(
        {
            "batch.step.offered",
            "batch.step.claimed",
            "batch.step.input_begun",
            "batch.step.value_entered",
            "batch.step.completed",
            "batch.step.back_entered",
        }
    ),
    derive=_derive,
)
