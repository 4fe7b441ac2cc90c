"""Decay since go-live: what creeps back once a system is in use, by month, and since when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, filters, readings, visitors
from daytwo.doors.web.decay import lists, saying
from daytwo.doors.web.environment import url
from daytwo.doors.web.formats import site_zone
from daytwo.doors.web.listing import taken_away
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.doors.web.standings import told
from daytwo.insight.detection import decay as read
from daytwo.insight.kpis.calendar import at
from daytwo.record.access.enums import Permission
from daytwo.record.ledger.reading import events

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.doors.web.filters import Filter
    from daytwo.insight.kpis.cohort import Period

PAGE = Page("decay/", _("Decay since go-live"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 19))
STEPS = 500
"""Steps listed for a month."""


@PAGE.route()
def decay(request: HttpRequest) -> HttpResponse:
    """Show each measure since go-live: first level, last level, trend, and what goes around."""
    asked = filters.of(request)
    found = _decay(request, asked)
    if part := request.GET.get("part"):
        measure = next((m for m in found.measures if m.of.id == part), None)
        if measure is None:
            return readings.drawn(request, None, "")
        spec = readings.control_spec(measure.chart, measure.of, "month")
        return readings.drawn(request, spec, readings.control_words(measure.chart, measure.of))

    def href(kpi_id: str, period: Period | None) -> str:
        return asked.href(url("kpis.kpi", kpi_id=kpi_id), **_site(found), **_days(period))

    def steps(month: int) -> str:
        return asked.href(url("decay.steps"), month=month)

    tables = (lists.measures(found.measures, href), lists.months(found.months, href, steps))
    taken = taken_away(request, "decay", tables)
    if taken is not None:
        return taken
    context = {
        **readings.context(asked),
        "found": found,
        "origin": saying.origin(found),
        "answer": saying.answer(found),
        "charts": [_chart(asked, m, href(m.of.id, None)) for m in found.measures],
        "lists": {table.name: table.listing(request) for table in tables},
    }
    return answers.page(request, "decay/decay.html", context)


@PAGE.route("steps/")
def steps(request: HttpRequest) -> HttpResponse:
    """Show the steps of one month that went another way, each with its batch and events."""
    asked = filters.of(request)
    found = _decay(request, asked)
    number = request.GET.get("month", "")
    month = next((m for m in found.months if str(m.number) == number), None)
    if number and month is None:
        raise Http404
    month = month or (found.months[-1] if found.months else None)
    rows: list[read.Around] = []
    if month is not None and found.live is not None:
        where = {**asked.where, "site": found.live.site}
        rows = told(request, read.around, where, month.period, STEPS)
    table = lists.steps(rows, audit=_audit(request))
    taken = taken_away(request, f"decay-steps-{number or 'last'}", [table])
    if taken is not None:
        return taken
    context = {
        **readings.context(asked, month=number),
        "month": month,
        "shown": len(rows),
        "rows": table.listing(request),
        "back": asked.href(url("decay.decay")),
    }
    return answers.page(request, "decay/steps.html", context)


def _decay(request: HttpRequest, asked: Filter) -> read.Decay:
    return told(request, read.decay, tuple(asked.where.items()), _deployed())


def _deployed() -> read.Deployed:
    """Return the versions of systems that went live, as the record has them."""
    found = [(e, e.origin.get("ref")) for e in events(("system.release.deployed",))]
    return tuple(
        (
            str((ref.get("site") if isinstance(ref, dict) else "") or settings.SITE_NAME),
            e.seq,
            saying.instant(e),
        )
        for e, ref in found
    )


def _chart(asked: Filter, measure: read.Measure, definition: str) -> dict[str, Any]:
    of = measure.of
    return {
        "of": of,
        "definition": definition,
        "verdict": saying.verdict(measure),
        "decays": measure.decays,
        "part": asked.href(part=of.id),
        "unheard": asked.unheard(of.dimensions),
    }


def _site(found: read.Decay) -> dict[str, str]:
    return {"site": found.live.site} if found.live is not None else {}


def _days(period: Period | None) -> dict[str, str]:
    """Return a period for the address of a page that takes days, first to last."""
    if period is None or period.since_us is None or period.until_us is None:
        return {"period": filters.ALL}
    zone = site_zone().key
    first, after = at(period.since_us, zone).date(), at(period.until_us, zone).date()
    last = after - timedelta(days=1)
    return {"period": filters.CUSTOM, "from": first.isoformat(), "to": last.isoformat()}


def _audit(request: HttpRequest) -> bool:
    visitor = visitors.of(request)
    return visitor is not None and visitor.may(Permission.AUDIT_READ)
