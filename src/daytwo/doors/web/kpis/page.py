"""KPIs: each figure with its n, coverage, interval, exclusions, and the events behind it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, tables
from daytwo.doors.web.charts import release_times, render
from daytwo.doors.web.charts.sparkline import sparkline
from daytwo.doors.web.formats import site_zone
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.insight.facts.queries import products
from daytwo.insight.kpis import asking
from daytwo.insight.kpis.definition import Definition, all_definitions, definition
from daytwo.insight.kpis.measures import Kind
from daytwo.record.access.enums import Permission
from daytwo.record.ledger.reading import one_event

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from markupsafe import Markup

    from daytwo.insight.kpis.explain import Explanation, Subject

PAGE = Page("kpis/", _("KPIs"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 10))

CORE = ("K1", "K7a", "K9", "K10", "K25", "K26")
"""What leaders look at first: the figures marked core."""
_SHOWN = 200
_DRAWN = 120
_COLUMNS: tuple[tables.Column[Subject], ...] = (
    tables.Column("subject", _("Subject"), lambda o: o.subject),
    tables.Column("value", _("Value"), lambda o: o.number, number=True),
    tables.Column("why", _("Counted"), lambda o: o.why or ("open" if o.open else "yes")),
    tables.Column("at", _("Stop event"), lambda o: o.at or None),
    tables.Column("start", _("Start, event number"), lambda o: o.start_seq, number=True),
    tables.Column("stop", _("Stop, event number"), lambda o: o.stop_seq, number=True),
)


@PAGE.route()
def kpis(request: HttpRequest) -> HttpResponse:
    """Show the core KPIs with their present values, and a list of the others."""
    every = all_definitions()
    tiles = [_tile(asking.explained(of.id)) for of in every if of.id in CORE]
    others = [of for of in every if of.id not in CORE]
    return answers.page(request, "kpis/kpis.html", {"tiles": tiles, "others": others})


@PAGE.route("<key:kpi_id>/")
def kpi(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """Show one KPI: value, chart, what was left out and why, and each batch behind it."""
    product = request.GET.get("product", "")
    told = asking.explained(kpi_id, product_code=product)
    found = told.value
    view = tables.view(request, _COLUMNS, told.subjects[:_SHOWN])
    context = {
        "found": found,
        "of": found.definition,
        "fields": _fields(found.definition),
        "chart": _chart(told),
        "view": view,
        "product": product,
        "products": products(),
    }
    return tables.as_csv(request, kpi_id, _COLUMNS, view) or answers.page(
        request, "kpis/kpi.html", context
    )


@PAGE.route("<key:kpi_id>/<key:subject>/")
def explain(request: HttpRequest, kpi_id: str, subject: str) -> HttpResponse:
    """Explain one value: the two events it follows from."""
    said = asking.subject(kpi_id, subject)
    one = said[0]
    pair = [(now_("Start"), one.start_seq), (now_("Stop"), one.stop_seq)]
    events = [(name, one_event(seq) if seq else None) for name, seq in pair]
    context = {"of": definition(kpi_id), "one": one, "events": events}
    return answers.page(request, "kpis/explain.html", context)


def _tile(told: Explanation) -> dict[str, Any]:
    values = [o.value for o in _in_time(told) if o.value is not None][-40:]
    last = f"{values[-1]:.1f}" if values else ""
    return {"found": told.value, "spark": sparkline(values, last, centre=told.value.value)}


def _in_time(told: Explanation) -> list[Subject]:
    """Return the counted subjects in the order of their stop events."""
    return [s for s in reversed(told.subjects) if s.counted]


def _chart(told: Explanation) -> Markup | None:
    found, counted = told.value, _in_time(told)[-_DRAWN:]
    of = found.definition
    if not counted or of.statistic.kind is not Kind.MEDIAN:
        return None
    zone = site_zone()
    chart = release_times.ReleaseTimes(
        title=f"{of.name}, {of.unit}",
        across=now_("Stop event"),
        batches=tuple(
            release_times.Released(
                o.subject, datetime.fromisoformat(o.at).astimezone(zone), float(o.value or 0)
            )
            for o in counted
        ),
        median=found.value,
        interval=found.interval,
        median_name=now_("median"),
    )
    words = now_("%(name)s of %(n)s subjects in time order; median %(median)s %(unit)s.") % {
        "name": of.name,
        "n": len(counted),
        "median": f"{found.value:.1f}",
        "unit": of.unit,
    }
    return render.inline(release_times.spec(chart), words)


_SHOWN_FIELDS = (
    "description", "scope", "formula", "unit", "range", "trend", "timing", "audience",
    "production_methodology", "effect_model", "start_event", "stop_event", "calendar", "cohort",
    "exclusions", "minimum_n", "sensitivity", "guard", "notes", "owner", "effective_from",
    "data_sources", "references",
)  # fmt: skip


def _fields(of: Definition) -> list[tuple[str, Any]]:
    return [(name, getattr(of, name)) for name in _SHOWN_FIELDS]
