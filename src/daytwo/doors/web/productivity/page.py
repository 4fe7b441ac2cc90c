"""Productivity: teams of five or more only, never a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, filters, readings
from daytwo.doors.web.listing import taken_away
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.doors.web.productivity import lists
from daytwo.doors.web.standings import told
from daytwo.insight.kpis import productivity as read
from daytwo.insight.kpis.definition import definition
from daytwo.record.access.enums import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = Page("productivity/", _("Productivity"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 18))
TILES = ("K25", "K25output", "K25touch")
_NARROWED = ("site", "product_code", "line")


@PAGE.route()
def productivity(request: HttpRequest) -> HttpResponse:
    """Show work against attendance by team, touch time by operation, batches by direct work."""
    asked = filters.of(request)
    if request.GET.get("part"):
        made = readings.figure_of(request, "K25", asked)
        of, chart = made.found.definition, made.chart
        spec = readings.control_spec(chart, of, of.span(asked.span)) if chart else None
        words = readings.control_words(chart, of) if chart else of.name
        return readings.drawn(request, spec, words)
    tables = lists.tables(
        told(request, read.teams, asked.question(dimensions=_heard("K25"))),
        told(request, read.operations, asked.question(dimensions=_heard("K25touch"))),
        told(request, read.direct, asked.question(dimensions=_NARROWED)),
    )
    taken = taken_away(request, "productivity", tables)
    if taken is not None:
        return taken
    context = {
        **readings.context(asked),
        "tiles": [readings.tile_of(request, kpi_id, asked) for kpi_id in TILES],
        "lists": {table.name: table.listing(request) for table in tables},
        "least": read.LEAST_PERSONS,
        "part": asked.href(part="trend"),
    }
    return answers.page(request, "productivity/productivity.html", context)


def _heard(kpi_id: str) -> tuple[str, ...]:
    return definition(kpi_id).dimensions
