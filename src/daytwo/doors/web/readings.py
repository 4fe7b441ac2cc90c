"""What the performance pages have in common: tiles, control charts, charts that come later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render as rendered
from django.utils.translation import gettext as _

from daytwo.doors.web import filters, tiles
from daytwo.doors.web.charts import control, render
from daytwo.doors.web.formats import number, site_zone, unit_sign
from daytwo.doors.web.standings import told
from daytwo.insight.detection.figures import Figure, figure
from daytwo.insight.kpis.calendar import at
from daytwo.insight.kpis.definition import definition

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.doors.web.filters import Filter
    from daytwo.insight.detection.control import ControlChart
    from daytwo.insight.kpis.definition import Definition


def context(asked: Filter, **keep: str) -> dict[str, Any]:
    """Return what the filter bar of a page needs.

    Args:
        asked: The reader's filter.
        **keep: Parameters of the page's own that the bar carries along.
    """
    return {
        "asked": asked,
        "periods": filters.PERIODS,
        "compares": filters.COMPARES,
        "keep": {name: value for name, value in keep.items() if value},
    }


def figure_of(request: HttpRequest, kpi_id: str, asked: Filter, *, trend: bool = True) -> Figure:
    """Return a KPI as the reader asks for it."""
    dimensions = definition(kpi_id).dimensions
    question, before = asked.question(dimensions=dimensions), asked.before(dimensions)
    return told(request, figure, kpi_id, question, before, asked.span if trend else "")


def tile_of(request: HttpRequest, kpi_id: str, asked: Filter, *, trend: bool = True) -> tiles.Tile:
    """Return the tile of a KPI."""
    made = figure_of(request, kpi_id, asked, trend=trend)
    deltas = []
    if made.comparison is not None:
        name = _("Against %(what)s") % {"what": asked.compare_words}
        deltas.append(tiles.delta(made.found, made.comparison, "period", name))
    of = made.found.definition
    notes = [
        _("Not narrowed by %(name)s: its subjects do not tell.") % {"name": n}
        for n in asked.unheard(of.dimensions)
    ]
    from daytwo.doors.web.environment import url  # noqa: PLC0415 - the environment loads pages

    return tiles.tile(
        made.found, made.chart, deltas, asked.href(url("kpis.kpi", kpi_id=of.id)), notes
    )


def control_spec(chart: ControlChart, of: Definition, span: str) -> dict[str, Any] | None:
    """Return a control chart over time as Vega-Lite, or None when nothing is known.

    Args:
        chart: Its numbers.
        of: The KPI of which it is.
        span: `week` or `month`.
    """
    if chart.centre is None or not chart.known:
        return None
    zone = site_zone().key
    days = [at(point.since_us, zone).date().isoformat() for point in chart.points]
    shifts = tuple(
        control.Shift(days[c.index], f"{c.before:.1f} → {c.after:.1f}") for c in chart.changes
    )
    centre = number(chart.centre, tiles.places(chart.centre))
    return control.spec(
        control.Control(
            title=f"{of.name}, {unit_sign(of.unit)}",
            spans=tuple(
                control.Span(day, p.value, p.lower, p.upper, bool(p.flags))
                for day, p in zip(days, chart.points, strict=True)
            ),
            centre=chart.centre,
            centre_text=_("centre %(value)s") % {"value": centre},
            limit_text=_("limits"),
            shifts=shifts,
            months=span == "month",
        )
    )


def control_words(chart: ControlChart, of: Definition) -> str:
    """Return in words what a control chart shows."""
    words = {
        "name": of.name,
        "n": chart.known,
        "out": len(chart.flagged),
        "changes": len(chart.changes),
        "how": chart.convention,
    }
    return (
        _(
            "%(name)s, %(n)s spans: %(out)s marked by a rule (diamond), %(changes)s changes of"
            " level (dotted). Limits: %(how)s."
        )
        % words
    )


def drawn(request: HttpRequest, spec: dict[str, Any] | None, words: str) -> HttpResponse:
    """Return a chart alone, for the place that waits for it."""
    svg = None if spec is None else render.inline(spec, words)
    return rendered(request, "components/drawn.html", {"svg": svg, "caption": words})
