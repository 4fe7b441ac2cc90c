"""Baselines and targets: what was frozen, what is to be reached, and the proof that it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import acts, answers, downloads, tables
from daytwo.doors.web.against import day
from daytwo.doors.web.baselines import reading
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.insight.governance import again as making
from daytwo.insight.governance import commands, queries
from daytwo.insight.kpis.definition import all_definitions, definition, versions
from daytwo.kernel.errors import Unknown
from daytwo.kernel.ids import new_id
from daytwo.record.access.enums import Permission
from daytwo.record.access.queries import signatures
from daytwo.record.ledger.reading import last_seq

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = Page(
    "baselines/", _("Baselines and targets"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 12)
)
_VERBS = {
    "target": (commands.set_target, ("target", "due_on", "reason")),
    "withdraw": (commands.withdraw, ("reason",)),
}


@PAGE.route()
def baselines(request: HttpRequest) -> HttpResponse:
    """List what was frozen, the latest first."""
    rows = queries.all_frozen()
    view = tables.view(request, reading.COLUMNS, rows)
    context = {
        "view": view,
        "names": {of.id: of.name for of in all_definitions()},
        "reading": reading,
        "day": day,
        "links": downloads.links(request),
    }
    return downloads.answer(request, "baselines", reading.COLUMNS, view.rows) or answers.page(
        request, "baselines/baselines.html", context
    )


@PAGE.route("freeze/", methods=("GET", "POST"), permission=Permission.VALUE_MANAGE)
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze a figure by a signed act: first what it is and rests on, then the signature."""
    given = reading.begin((request.POST if request.method == "POST" else request.GET).dict())
    kpi_id, title = given["kpi_id"], given["title"]
    outcome, number = acts.Outcome(), ""
    if request.method == "POST":
        number = request.POST.get("initiative_id") or reading.number_for(definition(kpi_id).id)
        words = title or now_("%(name)s, %(since)s to %(until)s") % {
            "name": definition(kpi_id).name,
            "since": day(given["since"]) if _is_day(given["since"]) else given["since"],
            "until": day(given["until"]) if _is_day(given["until"]) else given["until"],
        }
        arguments = {**given, "title": words, "initiative_id": number}
        outcome = acts.attempt(request, commands.freeze_baseline, **arguments)
        if outcome.done:
            return answers.go("baselines.baseline", initiative_id=number)
    context = {
        "given": given,
        "number": number,
        "kpis": [(of.id, f"{of.id} {of.name}") for of in all_definitions()],
        "of": definition(kpi_id) if kpi_id else None,
        "versions": len(versions(kpi_id)) if kpi_id else 0,
        "outcome": outcome,
        "stands_at": last_seq(),
        "keep": {**(outcome.keep or {}), "initiative_id": number},
        "command_id": request.POST.get("command_id") or new_id(),
    }
    return answers.page(request, "baselines/freeze.html", context, status=outcome.status)


@PAGE.route("<key:initiative_id>/")
def baseline(request: HttpRequest, initiative_id: str) -> HttpResponse:
    """Show one baseline: figure, snapshot, signatures, target, and whether it still measures so."""
    return _baseline(request, initiative_id, "", acts.Outcome())


@PAGE.route("<key:initiative_id>/again/")
def again(request: HttpRequest, initiative_id: str) -> HttpResponse:
    """Make the figure again from the events up to its snapshot; the page asks when told to."""
    base = queries.frozen(initiative_id)
    context = {"base": base, "made": making.again(base), "reading": reading}
    return answers.page(request, "baselines/again.html", context)


@PAGE.route(
    "<key:initiative_id>/<key:verb>/", methods=("POST",), permission=Permission.VALUE_MANAGE
)
def act(request: HttpRequest, initiative_id: str, verb: str) -> HttpResponse:
    """Set a target, signed, or withdraw."""
    if verb not in _VERBS:
        raise Unknown("web.verb", f"Nothing of a baseline is called {verb}.")
    command, names = _VERBS[verb]
    arguments = {name: request.POST.get(name, "").strip() for name in names}
    outcome = acts.attempt(request, command, initiative_id=initiative_id, **arguments)
    if outcome.done:
        return answers.go("baselines.baseline", initiative_id=initiative_id)
    return _baseline(request, initiative_id, verb, outcome)


def _baseline(
    request: HttpRequest, initiative_id: str, verb: str, outcome: acts.Outcome
) -> HttpResponse:
    base = queries.frozen(initiative_id)
    context: dict[str, Any] = {
        "base": base,
        "of": definition(base.kpi_id, base.kpi_version),
        "reading": reading,
        "otherwise": reading.otherwise(base),
        "signatures": signatures(f"value/{initiative_id}", {}),
        "day": day,
        "verb": verb,
        "outcome": outcome,
        "kept": {name: values[0] for name, values in (outcome.keep or {}).items()},
        "command_id": request.POST.get("command_id") or new_id(),
    }
    return answers.page(request, "baselines/baseline.html", context, status=outcome.status)


def _is_day(text: str) -> bool:
    try:
        day(text)
    except ValueError:
        return False
    return True
