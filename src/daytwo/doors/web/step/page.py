"""Batch to step: one step, large; when it is done the next one appears."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import acts, answers, visitors
from daytwo.doors.web.entries import fields
from daytwo.doors.web.pages import Page
from daytwo.doors.web.step import outlook, reading
from daytwo.kernel.ids import new_id
from daytwo.record.access.enums import Permission
from daytwo.record.batches import commands, queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = Page("floor/", _("Batch execution"), Permission.BATCH_READ)

_PREFIX = "entry."
"""Before the names of what is entered, so that they never meet a field of the form itself."""


@PAGE.route("<key:batch_id>/")
def batch(request: HttpRequest, batch_id: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """Go to the step that wants a hand now, or say what the batch waits for."""
    row = queries.batch(batch_id)
    now = queries.current_step(batch_id)
    if now is None:
        now = next((s for s in queries.steps(row.id) if s.state == "pending"), None)
    if now is not None:
        return answers.go("step.step", batch_id=batch_id, step_id=now.step_id)
    return answers.go("batches.batch", batch_id=batch_id)


@PAGE.route("<key:batch_id>/<key:step_id>/")
def step(request: HttpRequest, batch_id: str, step_id: str) -> HttpResponse:
    """Show a step: to be entered, verified, waited for, or read."""
    return _show(request, batch_id, step_id, acts.Outcome())


@PAGE.route(
    "<key:batch_id>/<key:step_id>/complete/",
    methods=("POST",),
    permission=Permission.BATCH_EXECUTE,
)
def complete(request: HttpRequest, batch_id: str, step_id: str) -> HttpResponse:
    """Enter and sign a step; go to the next."""
    outcome = acts.attempt(
        request,
        commands.complete_step,
        batch_id=batch_id,
        step_id=step_id,
        entry=_entered(request),
    )
    if outcome.done:
        return answers.go("step.batch", said="step", batch_id=batch_id)
    return _show(request, batch_id, step_id, outcome, action="step.complete")


@PAGE.route(
    "<key:batch_id>/<key:step_id>/verify/", methods=("POST",), permission=Permission.BATCH_VERIFY
)
def verify(request: HttpRequest, batch_id: str, step_id: str) -> HttpResponse:
    """Check and sign, as a second person, what was done."""
    outcome = acts.attempt(request, commands.verify_step, batch_id=batch_id, step_id=step_id)
    if outcome.done:
        return answers.go("step.batch", said="verified", batch_id=batch_id)
    return _show(request, batch_id, step_id, outcome, action="step.verify")


@PAGE.route(
    "<key:batch_id>/<key:step_id>/correct/",
    methods=("GET", "POST"),
    permission=Permission.BATCH_EXECUTE,
)
def correct(request: HttpRequest, batch_id: str, step_id: str) -> HttpResponse:
    """Correct an entry, with the reason; the first one stays legible."""
    if request.method != "POST":
        return _show(request, batch_id, step_id, acts.Outcome(), action="step.correct")
    outcome = acts.attempt(
        request,
        commands.correct_step,
        batch_id=batch_id,
        step_id=step_id,
        entry=_entered(request),
        reason=request.POST.get("reason", ""),
    )
    if outcome.done:
        return answers.go("step.step", said="corrected", batch_id=batch_id, step_id=step_id)
    return _show(request, batch_id, step_id, outcome, action="step.correct")


@PAGE.route(
    "<key:batch_id>/<key:step_id>/wrong/",
    methods=("POST",),
    permission=Permission.DISCREPANCY_RAISE,
)
def wrong(request: HttpRequest, batch_id: str, step_id: str) -> HttpResponse:
    """Say that something is wrong, with or without stopping the work."""
    outcome = acts.attempt(
        request,
        commands.report_discrepancy,
        batch_id=batch_id,
        step_id=step_id,
        description=request.POST.get("description", ""),
        stop_work=request.POST.get("stop") == "yes",
    )
    return _back(request, batch_id, step_id, outcome, "wrong")


@PAGE.route(
    "<key:batch_id>/<key:step_id>/comment/",
    methods=("POST",),
    permission=Permission.DISCREPANCY_RAISE,
)
def comment(request: HttpRequest, batch_id: str, step_id: str) -> HttpResponse:
    """Add a comment; whoever reviews the record will read it."""
    outcome = acts.attempt(
        request,
        commands.add_comment,
        batch_id=batch_id,
        step_id=step_id,
        comment=request.POST.get("comment", ""),
    )
    return _back(request, batch_id, step_id, outcome, "comment")


def _entered(request: HttpRequest) -> dict[str, str]:
    """Return what was entered, by field of the step."""
    return {
        name.removeprefix(_PREFIX): str(value)
        for name, value in request.POST.items()
        if name.startswith(_PREFIX)
    }


def _back(
    request: HttpRequest, batch_id: str, step_id: str, outcome: acts.Outcome, panel: str
) -> HttpResponse:
    """Return to the step, saying that it is recorded, or with the panel open and the refusal."""
    if outcome.done:
        return answers.go("step.step", said=panel, batch_id=batch_id, step_id=step_id)
    return _show(request, batch_id, step_id, outcome, panel=panel)


def _show(
    request: HttpRequest,
    batch_id: str,
    step_id: str,
    outcome: acts.Outcome,
    *,
    action: str = "step.complete",
    panel: str = "",
) -> HttpResponse:
    visitor = visitors.present(request)
    seen = reading.sight(batch_id, step_id, visitor)
    mode = "correct" if action == "step.correct" and seen.correctable else seen.mode
    before = seen.entry if mode == "correct" else {}
    kept = outcome.keep or {}
    entered = before | (_entered(request) if not panel else {})
    signs = outcome.statement is not None and action != "step.verify"
    ahead = outlook.outlook(seen, entered) if signs else outlook.Outlook(reading.measured(seen))
    field = "" if panel else outlook.refused_field(seen.of, outcome.notice)
    context: dict[str, Any] = {
        "seen": seen,
        "mode": mode,
        "action": action,
        "panel": panel,
        "statement": outcome.statement,
        "notice": outcome.notice,
        "kept": kept,
        "entry": entered,
        "field": field,
        "brought": ahead.brought,
        "command_id": new_id(),
        "bar": reading.bar(seen.of, ahead.value),
        "lots": reading.usable_lots(seen.of) if mode == "enter" else [],
        "fields_shown": fields(seen.of, seen.entry, seen.result),
        "equipment": reading.usable_equipment(seen.of) if mode == "enter" else [],
        "container": reading.container(seen),
        "material": reading.material(seen),
        "history": _history(seen) if seen.row.corrections else [],
    }
    return answers.page(request, "step/step.html", context, status=outcome.status)


def _history(seen: reading.Sight) -> list[dict[str, Any]]:
    """Return every entry of a corrected step, oldest first, decoded."""
    return [
        {
            "fields": fields(seen.of, json.loads(e.entry), json.loads(e.result)),
            "at": e.at,
            "who": e.person_name,
            "reason": e.reason,
        }
        for e in queries.entries(seen.batch.id)
        if e.step_id == seen.row.step_id
    ]
