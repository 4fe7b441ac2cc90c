"""Data quality and coverage: what the figures rest on, and where the record does not carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, filters, readings, visitors
from daytwo.doors.web.data_quality import lists
from daytwo.doors.web.data_quality.wording import words_of
from daytwo.doors.web.listing import taken_away
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.doors.web.standings import told
from daytwo.insight.kpis import coverage, integrity
from daytwo.record.access.enums import Permission
from daytwo.record.ledger.queries import import_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from daytwo.doors.web.filters import Filter
    from daytwo.doors.web.listing import Table
    from daytwo.record.ledger.models import ImportRun

PAGE = Page("data-quality/", _("Data quality"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 22))
TILES = ("K32", "K8", "K29")
_RUNS = 10_000


@PAGE.route()
def data_quality(request: HttpRequest) -> HttpResponse:
    """Show what breaks a letter of ALCOA+, which times are missing, imports, and coverage."""
    asked = filters.of(request)
    wanted = request.GET.get("table", "")
    if wanted in ("coverage", "reasons"):
        taken = taken_away(request, "data-quality", _coverage(request, asked))
        if taken is not None:
            return taken
    if request.GET.get("part"):
        shown = [table.listing(request) for table in _coverage(request, asked)]
        return render(request, "data_quality/coverage.html", {"lists": shown})
    imports = import_runs(_RUNS)
    found = told(request, integrity.tallies, asked.question(), _runs(imports))
    tables = lists.tables(found, imports, integrity.drifts(), audit=_audit(request))
    taken = taken_away(request, "data-quality", tables)
    if taken is not None:
        return taken
    context = {
        **readings.context(asked),
        "tiles": [readings.tile_of(request, kpi_id, asked) for kpi_id in TILES],
        "lists": {table.name: table.listing(request) for table in tables},
        "unreadable": sum(run.fields_set_aside for run in imports),
        "part": asked.href(part="coverage"),
    }
    return answers.page(request, "data_quality/data_quality.html", context)


@PAGE.route("<key:check_id>/")
def rows(request: HttpRequest, check_id: str) -> HttpResponse:
    """Show the rows that break a check, each with its batch and events."""
    asked = filters.of(request)
    check = integrity.named(check_id)
    runs = _runs(import_runs(_RUNS))
    found = told(request, integrity.broken_rows, check_id, asked.question(), runs)
    table = lists.rows_table(found, audit=_audit(request))
    taken = taken_away(request, f"data-quality-{check_id}", [table])
    if taken is not None:
        return taken
    context = {
        **readings.context(asked),
        "check": check,
        "words": words_of(check),
        "rows": table.listing(request),
    }
    return answers.page(request, "data_quality/rows.html", context)


def _coverage(request: HttpRequest, asked: Filter) -> tuple[Table, ...]:
    found = told(request, coverage.coverages, asked.question())
    return lists.coverage_tables(found, coverage.reasons(found))


def _runs(imports: Sequence[ImportRun]) -> integrity.Runs:
    """Return the runs in the ledger's order, each with the system that it read."""
    return tuple((run.event_seq, run.system) for run in reversed(imports))


def _audit(request: HttpRequest) -> bool:
    visitor = visitors.of(request)
    return visitor is not None and visitor.may(Permission.AUDIT_READ)
