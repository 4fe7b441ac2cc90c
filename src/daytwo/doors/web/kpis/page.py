"""KPIs: each figure with its n, coverage, interval, exclusions, and the events behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import against, answers, downloads, filters, tables, visitors
from daytwo.doors.web.baselines.reading import freeze_href
from daytwo.doors.web.kpis import reading
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.doors.web.standings import told
from daytwo.insight.detection.board import CORE, board
from daytwo.insight.detection.sheet import sheet
from daytwo.insight.kpis import asking
from daytwo.insight.kpis.definition import all_definitions, definition, versions
from daytwo.insight.kpis.explain import history
from daytwo.kernel.errors import Refused
from daytwo.record.access.enums import Permission
from daytwo.record.ledger.reading import one_event

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.insight.detection.sheet import Sheet

PAGE = Page("kpis/", _("KPIs"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 10))

_SHOWN = 200
_OPEN_SHOWN = 12
_MOST = 100_000
"""Subjects in a download."""


@PAGE.route()
def kpis(request: HttpRequest) -> HttpResponse:
    """Show the core KPIs with their present values, and a list of the others."""
    asked = filters.of(request)
    figures = told(request, board, asked.asked).figures
    shown = [(f.found.definition, f) for f in figures]
    context = {
        "asked": asked,
        "figures": shown,
        "others": [of for of in all_definitions() if of.id not in CORE],
        **_choices(),
    }
    return answers.page(request, "kpis/kpis.html", context)


@PAGE.route("<key:kpi_id>/")
def kpi(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """Show one KPI: value, trend, groups, what was left out and why, each subject behind it."""
    asked, version = filters.of(request), _version(request)
    of = definition(kpi_id, version)
    by = request.GET.get("by", "")
    if by not in of.dimensions:
        by = next((name for name in ("product_code", "area", "team") if name in of.dimensions), "")
    value = reading.read(request, kpi_id, version, asked, by)
    view = tables.view(request, reading.SUBJECT_COLUMNS, _listed(request, value, asked))
    return _taken(request, kpi_id, value, view) or answers.page(
        request, "kpis/kpi.html", _context(request, asked, value, view, by)
    )


@PAGE.route("<key:kpi_id>/charts/<key:which>/")
def chart(request: HttpRequest, kpi_id: str, which: str) -> HttpResponse:
    """Draw the trend or the groups; the page asks for it when it can already be used."""
    by = request.GET.get("by", "")
    asked = filters.of(request)
    found = reading.read(request, kpi_id, _version(request), asked, by)
    base = against.frozen(asked).get(kpi_id)
    drawn = reading.by_group(found) if which == "groups" else reading.trend(found, base)
    return answers.page(request, "leadership/chart.html", {"drawn": drawn})


@PAGE.route("<key:kpi_id>/<key:subject>/")
def explain(request: HttpRequest, kpi_id: str, subject: str) -> HttpResponse:
    """Explain one value: the two events it follows from, and all others of its streams."""
    said = asking.subject(kpi_id, subject)
    one = said[0]
    stop = _("Latest event so far") if one.open else _("Stop")
    pair = [(_("Start"), one.start_seq), (stop, one.stop_seq)]
    events = [(name, one_event(seq) if seq else None) for name, seq in pair]
    may = visitors.present(request).may(Permission.AUDIT_READ)
    context = {
        "of": definition(kpi_id),
        "one": one,
        "events": events,
        "history": history(one) if may else [],
    }
    return answers.page(request, "kpis/explain.html", context)


def _context(
    request: HttpRequest,
    asked: filters.Filter,
    value: Sheet,
    view: tables.View[Any],
    by: str,
) -> dict[str, Any]:
    found = value.figure.found
    of = found.definition
    known = versions(of.id)
    base = against.frozen(asked).get(of.id)
    return {
        "asked": asked,
        "sheet": value,
        "found": found,
        "of": of,
        "tile": reading.tile(value, asked, base),
        "base": base,
        "freeze": freeze_href(asked, of.id),
        "fields": reading.fields(of),
        "versions": known,
        "version": "" if of.version == known[-1].version else of.version,
        "by": by,
        "dimensions": [(name, reading.dimension_name(name)) for name in of.dimensions],
        "group_name": reading.group_name,
        "view": view,
        "waiting": value.waiting[:_OPEN_SHOWN],
        "shown": min(_SHOWN, len(view.rows)),
        "part_places": reading.part_places(view.rows),
        "links": {name: downloads.links(request, name) for name in ("", "groups", "open")},
        **_choices(),
    }


def _taken(
    request: HttpRequest, kpi_id: str, value: Sheet, view: tables.View[Any]
) -> HttpResponse | None:
    return (
        downloads.answer(request, kpi_id, reading.SUBJECT_COLUMNS, view.rows)
        or downloads.answer(
            request, f"{kpi_id}-groups", reading.GROUP_COLUMNS, value.groups, "groups"
        )
        or downloads.answer(request, f"{kpi_id}-open", reading.OPEN_COLUMNS, value.waiting, "open")
    )


def _listed(request: HttpRequest, value: Sheet, asked: filters.Filter) -> tuple[Any, ...]:
    """Return the subjects: all of them for a download, else those that were listed."""
    explained = value.explained
    if explained.complete or request.GET.get("format") not in downloads.FORMATS:
        return explained.subjects
    of = value.figure.found.definition
    whole = told(request, sheet, of.id, of.version, asked.asked, "", _MOST)
    return whole.explained.subjects


def _version(request: HttpRequest) -> int | None:
    text = request.GET.get("version", "")
    if not text:
        return None
    if not text.isdecimal():
        raise Refused("kpi.version", f"{text!r} is no version: versions are numbered 1, 2, 3.")
    return int(text)


def _choices() -> dict[str, Any]:
    return {"periods": filters.PERIODS, "compares": filters.COMPARES}
