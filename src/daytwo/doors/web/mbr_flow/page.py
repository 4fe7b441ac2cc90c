"""MBR change flow: legs with median and P90, first-pass approval, open changes by age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, filters, readings
from daytwo.doors.web.charts import durations
from daytwo.doors.web.listing import taken_away
from daytwo.doors.web.mbr_flow import lists
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.doors.web.standings import told
from daytwo.insight.kpis import changes as read
from daytwo.insight.kpis.definitions.k26 import LEGS
from daytwo.record.access.enums import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.doors.web.filters import Filter
    from daytwo.insight.kpis.changes import Change

PAGE = Page("mbr-flow/", _("MBR change flow"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 16))
TILES = ("K26", "K27first", "K28")
_DRAWN = 20


@PAGE.route()
def mbr_flow(request: HttpRequest) -> HttpResponse:
    """Show how long changes of master batch records take, leg by leg, and those under way."""
    asked = filters.of(request, default="52w")
    where = asked.question(dimensions=read.DIMENSIONS).where
    every = told(request, read.changes, where)
    done = read.finished(every, asked.question().period)
    open_ = read.still_open(every)
    if request.GET.get("part"):
        return readings.drawn(request, _bars(done), _words(asked, done))
    legs = [readings.figure_of(request, kpi_id, asked, trend=False) for kpi_id in (*LEGS, "K26")]
    tables = lists.tables(legs, open_, done)
    taken = taken_away(request, "mbr-flow", tables)
    if taken is not None:
        return taken
    known = [f for f in legs[:-1] if f.found.value is not None]
    context = {
        **readings.context(asked),
        "tiles": [readings.tile_of(request, kpi_id, asked) for kpi_id in TILES],
        "lists": {table.name: table.listing(request) for table in tables},
        "longest": max(known, key=lambda f: f.found.value or 0.0, default=None),
        "leg_words": lists.leg_words,
        "part": asked.href(part="legs", **_usual(asked)),
    }
    return answers.page(request, "mbr_flow/mbr_flow.html", context)


def _usual(asked: Filter) -> dict[str, str]:
    """Return the period for an address whose default is another one than this page's."""
    return {"period": asked.period}


def _bars(done: list[Change]) -> dict[str, Any] | None:
    if not done:
        return None
    newest = sorted(done, key=lambda c: c.done_us or 0)[-_DRAWN:]
    stacks = tuple(
        durations.Stack(
            c.subject, tuple((lists.leg_words(leg), max(days, 0.0)) for leg, days in c.legs)
        )
        for c in newest
    )
    whole: dict[str, float] = {}
    for stack in stacks:
        for leg, days in stack.parts:
            whole[leg] = whole.get(leg, 0.0) + days
    title = now_("Days from the request to the first use")
    return durations.spec(durations.Durations(title, stacks, max(whole, key=lambda n: whole[n])))


def _words(asked: Filter, done: list[Change]) -> str:
    words = {"n": min(len(done), _DRAWN), "period": asked.period_words}
    return now_("%(n)s changes in the order of their first use, %(period)s, leg by leg.") % words
