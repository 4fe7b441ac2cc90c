"""Release flow: days lost by cause, the slowest batches, those under way, and each batch's way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, filters, readings, visitors
from daytwo.doors.web.causes import CAUSES, cause
from daytwo.doors.web.charts import durations, timeline
from daytwo.doors.web.formats import number, site_zone, span_words
from daytwo.doors.web.listing import taken_away
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.doors.web.release_flow import lists
from daytwo.doors.web.standings import told
from daytwo.insight.kpis.calendar import at
from daytwo.insight.kpis.flowtables import FlowTables, flow_tables, one_flow
from daytwo.insight.kpis.flowtables import way as way_of
from daytwo.record.access.enums import Permission
from daytwo.record.batches import queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.doors.web.filters import Filter
    from daytwo.insight.kpis.flow import BatchFlow

PAGE = Page("release-flow/", _("Release flow"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 12))
TILES = ("K1", "K2", "K19")
_BY_WEEK = ("4w", "12w")


@PAGE.route()
def release_flow(request: HttpRequest) -> HttpResponse:
    """Show where the days between end of manufacture and disposition went in a period."""
    asked = filters.of(request)
    found = _found(request, asked)
    if request.GET.get("part"):
        return readings.drawn(request, _stacks(found), _words(asked, found))
    tables = lists.tables(found)
    taken = taken_away(request, "release-flow", tables)
    if taken is not None:
        return taken
    context = {
        **readings.context(asked),
        "tiles": [readings.tile_of(request, kpi_id, asked) for kpi_id in TILES],
        "found": found,
        "causes": CAUSES,
        "lists": {table.name: table.listing(request) for table in tables},
        "part": asked.href(part="days"),
    }
    return answers.page(request, "release_flow/release_flow.html", context)


@PAGE.route("<key:batch_id>/")
def way(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Show one batch's way from the end of manufacture to its disposition, wait by wait."""
    batch = queries.batch(batch_id)
    flow = told(request, one_flow, batch_id)
    if request.GET.get("part"):
        return readings.drawn(request, _strip(flow), _strip_words(batch_id, flow))
    visitor = visitors.of(request)
    audit = visitor is not None and visitor.may(Permission.AUDIT_READ)
    tables = lists.way_tables(flow, told(request, way_of, batch_id), audit=audit) if flow else ()
    taken = taken_away(request, f"release-flow-{batch_id}", tables)
    if taken is not None:
        return taken
    context = {
        "batch": batch,
        "batch_id": batch_id,
        "flow": flow,
        "lists": {table.name: table.listing(request) for table in tables},
    }
    return answers.page(request, "release_flow/way.html", context)


def _found(request: HttpRequest, asked: Filter) -> FlowTables:
    span = "week" if asked.period in _BY_WEEK else "month"
    return told(request, flow_tables, asked.question(), asked.before(), span)


def _stacks(found: FlowTables) -> dict[str, Any] | None:
    if not found.lost:
        return None
    # In the order of the way, so that a cause has one colour here and on the leadership page.
    lost = [one.cause for one in found.lost]
    order = [key for key in CAUSES if key in lost]
    stacks = tuple(
        durations.Stack(
            span_words(s.span),
            tuple((cause(c), dict(s.days)[c]) for c in order if c in dict(s.days)),
        )
        for s in found.spent
    )
    title = now_("Days that all batches together waited")
    return durations.spec(durations.Durations(title, stacks, cause(lost[0])))


def _words(asked: Filter, found: FlowTables) -> str:
    words = {"days": number(found.days, 0), "period": asked.period_words}
    return (
        now_(
            "%(days)s days waited by all batches together, %(period)s: each hour between end of"
            " manufacture and disposition belongs to one cause."
        )
        % words
    )


def _strip_words(batch_id: str, flow: BatchFlow | None) -> str:
    if flow is None or not flow.legs:
        return now_("%(id)s did not wait.") % {"id": batch_id}
    first = max(flow.legs, key=lambda key: flow.legs[key])
    said = {
        "id": batch_id,
        "all": number(flow.hours / 24, 1),
        "most": number(flow.legs[first] / 24, 1),
        "cause": cause(first),
    }
    return now_("%(id)s waited %(all)s d; most of it, %(most)s d, for: %(cause)s.") % said


def _strip(flow: BatchFlow | None) -> dict[str, Any] | None:
    if flow is None or not flow.waits:
        return None
    zone = site_zone().key

    def local(instant_us: int) -> str:
        return at(instant_us, zone).replace(tzinfo=None).isoformat(timespec="minutes")

    bars = tuple(
        timeline.Bar(
            lane=cause(w.cause),
            since=local(w.since_us),
            until=local(w.until_us),
            text=f"{w.hours / 24:.1f} d",
            share=w.hours / flow.hours,
        )
        for w in flow.waits
    )
    first = max(flow.legs, key=lambda key: flow.legs[key])
    return timeline.spec(timeline.Timeline(bars, cause(first)))
