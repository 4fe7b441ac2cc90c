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
from daytwo.insight.kpis.definition import Definition, Observation, all_definitions
from daytwo.insight.kpis.evaluate import KpiValue, show
from daytwo.kernel.errors import Unknown
from daytwo.record.access.enums import Permission
from daytwo.record.ledger.reading import one_event

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from markupsafe import Markup

PAGE = Page("kpis/", _("KPIs"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 10))

_SHOWN = 200
_DRAWN = 120
_COLUMNS: tuple[tables.Column[Observation], ...] = (
    tables.Column("subject", _("Batch"), lambda o: o.subject),
    tables.Column("value", _("Value"), lambda o: o.value, number=True),
    tables.Column("why", _("Counted"), lambda o: o.why_not or ("open" if o.open else "yes")),
    tables.Column("at", _("Stop event"), lambda o: o.at or None),
    tables.Column("start", _("Start, event number"), lambda o: o.start_seq, number=True),
    tables.Column("stop", _("Stop, event number"), lambda o: o.stop_seq, number=True),
)


@PAGE.route()
def kpis(request: HttpRequest) -> HttpResponse:
    """Show every KPI with its present value."""
    tiles = [_tile(show(of.id)) for of in all_definitions()]
    return answers.page(request, "kpis/kpis.html", {"tiles": tiles})


@PAGE.route("<key:kpi_id>/")
def kpi(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """Show one KPI: value, chart, what was left out and why, and each batch behind it."""
    product = request.GET.get("product", "")
    found = show(kpi_id, product_code=product)
    latest = sorted(found.observations, key=_rank, reverse=True)[:_SHOWN]
    view = tables.view(request, _COLUMNS, latest)
    context = {
        "found": found,
        "of": found.definition,
        "fields": _fields(found.definition),
        "chart": _chart(found),
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
    found = show(kpi_id)
    one = next((o for o in found.observations if o.subject == subject), None)
    if one is None:
        raise Unknown("kpi.subject_unknown", now_("This KPI knows no such batch."))
    pair = [(now_("Start"), one.start_seq), (now_("Stop"), one.stop_seq)]
    events = [(name, one_event(seq) if seq else None) for name, seq in pair]
    context = {"of": found.definition, "one": one, "events": events}
    return answers.page(request, "kpis/explain.html", context)


def _rank(observation: Observation) -> tuple[int, str]:
    """Put what counts in front, the latest first; then what is open; then what is left out."""
    counts = observation.value is not None
    return (2 if counts else int(observation.open), observation.at)


def _tile(found: KpiValue) -> dict[str, Any]:
    values = [o.value for o in _in_time(found) if o.value is not None][-40:]
    last = f"{values[-1]:.1f}" if values else ""
    return {"found": found, "spark": sparkline(values, last, centre=found.value)}


def _in_time(found: KpiValue) -> list[Observation]:
    """Return the counted observations in the order of their stop events."""
    return sorted((o for o in found.observations if o.value is not None), key=lambda o: o.at)


def _chart(found: KpiValue) -> Markup | None:
    counted = _in_time(found)[-_DRAWN:]
    if not counted:
        return None
    of = found.definition
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
    words = now_("%(name)s of %(n)s batches in time order; median %(median)s %(unit)s.") % {
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
