"""Batches: all of them, one of them, and the judgements that one asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import acts, answers, tables
from daytwo.doors.web.batches import reading
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.kernel.errors import Unknown
from daytwo.kernel.ids import new_id
from daytwo.record.access.enums import Permission
from daytwo.record.batches import commands, queries
from daytwo.record.quality import commands as quality
from daytwo.record.quality import queries as judged
from daytwo.record.quality.enums import DeviationClass, Route
from daytwo.record.release.queries import all_signatures

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.record.access.authority import Command
    from daytwo.record.batches.models import Batch, Discrepancy

PAGE = Page("batches/", _("Batches"), Permission.BATCH_READ, Nav(Group.EXECUTE, 30))

_MOST = 200
_COLUMNS: tuple[tables.Column[Batch], ...] = (
    tables.Column("batch", _("Batch"), lambda b: b.id),
    tables.Column("product", _("Product"), lambda b: f"{b.product_name} {b.product_code}"),
    tables.Column("state", _("Batch is"), lambda b: b.state),
    tables.Column("record", _("Record is"), lambda b: b.record_state),
    tables.Column("started", _("Started"), lambda b: b.started_at),
    tables.Column("ended", _("Manufacture ended"), lambda b: b.ended_at),
    tables.Column("disposed", _("Disposed"), lambda b: b.disposed_at),
    tables.Column("origin", _("From"), lambda b: b.origin),
)


@PAGE.route()
def batches(request: HttpRequest) -> HttpResponse:
    """List batches, executed here or imported, the latest first."""
    product, page = request.GET.get("product", ""), _number(request.GET.get("page", ""))
    rows = queries.batches(product_code=product, limit=_MOST + 1, offset=page * _MOST)
    number = queries.number_of_batches(product_code=product)
    view = tables.view(request, _COLUMNS, rows[:_MOST], total=number)
    context = {
        "view": view,
        "product": product,
        "products": queries.product_codes(),
        "earlier": page + 1 if len(rows) > _MOST else None,
        "later": page - 1 if page else None,
    }
    return tables.as_csv(request, "batches", _COLUMNS, view) or answers.page(
        request, "batches/batches.html", context
    )


@PAGE.route("<key:batch_id>/")
def batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Show one batch with everything known of it."""
    return _batch(request, batch_id, acts.Outcome())


@PAGE.route("<key:batch_id>/hold/", methods=("POST",), permission=Permission.BATCH_SUPERVISE)
def hold(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Stop all work on a batch, with the reason."""
    return _reasoned(request, commands.hold_batch, batch_id, "held")


@PAGE.route("<key:batch_id>/resume/", methods=("POST",), permission=Permission.BATCH_SUPERVISE)
def resume(request: HttpRequest, batch_id: str) -> HttpResponse:
    """End a hold, with the reason."""
    return _reasoned(request, commands.resume_batch, batch_id, "resumed")


@PAGE.route("<key:batch_id>/complete/", methods=("POST",), permission=Permission.BATCH_SUPERVISE)
def complete(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Sign that production reviewed the record and that it is complete."""
    outcome = acts.attempt(request, commands.complete_record, batch_id=batch_id)
    if outcome.done:
        return answers.go("batches.batch", said="completed", batch_id=batch_id)
    return _batch(request, batch_id, outcome)


@PAGE.route("<key:batch_id>/exceptions/<key:discrepancy_id>/", methods=("GET", "POST"))
def discrepancy(request: HttpRequest, batch_id: str, discrepancy_id: str) -> HttpResponse:
    """Show an exception; answer it as a supervisor, judge it as quality."""
    found = _discrepancy(batch_id, discrepancy_id)
    outcome = acts.Outcome()
    if request.method == "POST":
        command, fields = (
            (quality.classify_discrepancy, ("route", "rationale", "classification"))
            if found.answered_at
            else (commands.answer_discrepancy, ("answer",))
        )
        given = {name: request.POST.get(name, "") for name in fields}
        outcome = acts.attempt(
            request, command, batch_id=batch_id, discrepancy_id=discrepancy_id, **given
        )
        if outcome.done:
            if found.answered_at:
                return answers.go("release.review", said="judged", batch_id=batch_id)
            return answers.go("batches.batch", said="answered", batch_id=batch_id)
    context = {
        "batch": queries.batch(batch_id),
        "found": found,
        "judgement": judged.classifications(batch_id).get(discrepancy_id),
        "routes": [(r.value, r.value) for r in Route],
        "classes": [(c.value, c.value) for c in DeviationClass],
        **_asked(outcome),
    }
    return answers.page(request, "batches/discrepancy.html", context, status=outcome.status)


@PAGE.route(
    "<key:batch_id>/deviations/<key:deviation_id>/",
    methods=("GET", "POST"),
)
def deviation(request: HttpRequest, batch_id: str, deviation_id: str) -> HttpResponse:
    """Show a deviation; close it with its cause, as quality."""
    outcome = acts.Outcome()
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("root_cause", "category")}
        outcome = acts.attempt(
            request, quality.close_deviation, batch_id=batch_id, deviation_id=deviation_id, **given
        )
        if outcome.done:
            return answers.go("release.review", said="deviation", batch_id=batch_id)
    of = queries.batch(batch_id)
    context = {
        "batch": of,
        "found": judged.deviation(deviation_id),
        "signatures": [s for s in all_signatures(of) if s.subject == f"deviation/{deviation_id}"],
        **_asked(outcome),
    }
    return answers.page(request, "batches/deviation.html", context, status=outcome.status)


def _discrepancy(batch_id: str, discrepancy_id: str) -> Discrepancy:
    found = next((d for d in queries.discrepancies(batch_id) if d.id == discrepancy_id), None)
    if found is None:
        raise Unknown("discrepancy.unknown", str(_("The batch has no such exception.")))
    return found


def _reasoned(request: HttpRequest, command: Command, batch_id: str, act: str) -> HttpResponse:
    outcome = acts.attempt(
        request, command, batch_id=batch_id, reason=request.POST.get("reason", "")
    )
    if outcome.done:
        return answers.go("batches.batch", said=act, batch_id=batch_id)
    return _batch(request, batch_id, outcome)


def _batch(request: HttpRequest, batch_id: str, outcome: acts.Outcome) -> HttpResponse:
    context = {"whole": reading.whole(batch_id), **_asked(outcome)}
    return answers.page(request, "batches/batch.html", context, status=outcome.status)


def _asked(outcome: acts.Outcome) -> dict[str, Any]:
    """Return what a form needs to go on from an attempt."""
    return {
        "statement": outcome.statement,
        "notice": outcome.notice,
        "kept": {name: values[0] for name, values in (outcome.keep or {}).items()},
        "command_id": new_id(),
    }


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0  # noqa: PLR2004 -- a bound
