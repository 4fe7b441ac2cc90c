"""Deviation trends: rate with limits, ranking by any attribute, repeats, resolution, open age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, filters, readings
from daytwo.doors.web.charts import pareto, survival
from daytwo.doors.web.deviation_trends import lists
from daytwo.doors.web.formats import number
from daytwo.doors.web.labels import label
from daytwo.doors.web.listing import taken_away
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.doors.web.standings import told
from daytwo.insight.kpis import deviations as read
from daytwo.insight.kpis.calendar import at
from daytwo.record.access.enums import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.doors.web.filters import Filter
    from daytwo.insight.kpis.cohort import Period
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.survival import Survival

PAGE = Page(
    "deviation-trends/", _("Deviation trends"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 14)
)
TILES = ("K9", "K10", "K12", "K15", "K12none", "K14")
NAMES = {
    "category": _("Category"),
    "root_cause": _("Root cause"),
    "area": _("Area"),
    "process": _("Process"),
    "equipment_id": _("Equipment"),
    "product_code": _("Product"),
    "line": _("Line"),
    "severity": _("Severity"),
    "shift": _("Shift"),
}
_BARS = 12


@dataclass(frozen=True, slots=True)
class Trends:
    """Everything of the page that is no KPI."""

    ranked: tuple[read.Ranked, ...]
    pairs: tuple[read.Pair, ...]
    unassigned: read.Unassigned
    survival: Survival
    followed_open: int
    open: tuple[read.Ageing, ...]
    ages: tuple[tuple[int | None, int], ...]


@PAGE.route()
def deviation_trends(request: HttpRequest) -> HttpResponse:
    """Show the deviations of a period: how many, of what, again, how long, and what is open."""
    asked = filters.of(request)
    by = request.GET.get("by", "")
    by = by if by in NAMES else "category"
    if part := request.GET.get("part"):
        return _part(request, part, asked, by)
    found = told(request, trends, asked.where, asked.question().period, _before(asked), by)
    rate = readings.figure_of(request, "K9", asked)
    tables = lists.tables(found, by, str(NAMES[by]), rate)
    taken = taken_away(request, "deviation-trends", tables)
    if taken is not None:
        return taken
    shown = {table.name: table.listing(request) for table in tables}
    context = {
        **readings.context(asked, by="" if by == "category" else by),
        "tiles": [readings.tile_of(request, kpi_id, asked) for kpi_id in TILES],
        "t": found,
        "rate": rate,
        "lists": shown,
        "by": by,
        "tabs": [(name, words, asked.href(by=name) + "#pareto") for name, words in NAMES.items()],
        "parts": {name: asked.href(part=name, by=by) for name in ("rate", "pareto", "survival")},
    }
    return answers.page(request, "deviation_trends/deviation_trends.html", context)


def trends(
    facts: Facts, where: dict[str, str], period: Period, before: Period | None, by: str
) -> Trends:
    """Return the readings of the page, of one state of the facts."""
    every = read.deviations(facts, where)
    survival_, still = read.resolution(every, period, facts.now_us)
    open_ = read.ageing(every, facts.now_us, at(facts.now_us, facts.zone).date().isoformat())
    return Trends(
        ranked=tuple(read.ranked(every, by, period, before)),
        pairs=tuple(read.repeat_pairs(every, period)),
        unassigned=read.unassigned(every, period),
        survival=survival_,
        followed_open=still,
        open=tuple(open_),
        ages=tuple(read.ages(open_)),
    )


def _before(asked: Filter) -> Period | None:
    before = asked.before()
    return before.period if before else None


def _part(request: HttpRequest, part: str, asked: Filter, by: str) -> HttpResponse:
    """Return one chart of the page."""
    if part == "rate":
        made = readings.figure_of(request, "K9", asked)
        of, chart = made.found.definition, made.chart
        spec = readings.control_spec(chart, of, of.span(asked.span)) if chart else None
        words = readings.control_words(chart, of) if chart else str(of.name)
        return readings.drawn(request, spec, words)
    found = told(request, trends, asked.where, asked.question().period, _before(asked), by)
    if part == "survival":
        return readings.drawn(request, _survival(found.survival), _survival_words(found))
    return readings.drawn(request, _pareto(found.ranked, str(NAMES[by])), _pareto_words(by, found))


def _pareto(ranked: tuple[read.Ranked, ...], name: str) -> dict[str, Any] | None:
    if not ranked:
        return None
    bars = tuple(
        pareto.Bar(
            lists.value_words(r.value),
            float(r.n),
            f"{r.n} · {r.cumulative:.0f} %",
            first=place == 0,
        )
        for place, r in enumerate(ranked[:_BARS])
    )
    title = now_("Deviations by %(name)s; share of all so far") % {"name": name.lower()}
    return pareto.spec(pareto.Pareto(title, bars))


def _pareto_words(by: str, found: Trends) -> str:
    words = {"by": str(NAMES[by]).lower(), "n": len(found.ranked), "shown": _BARS}
    if len(found.ranked) > _BARS:
        return now_("Deviations put on record, by %(by)s: the first %(shown)s of %(n)s.") % words
    return now_("Deviations put on record, by %(by)s, with the share of all so far.") % words


def _survival(found: Survival) -> dict[str, Any] | None:
    if not found.times:
        return None
    text = ""
    if found.median is not None:
        text = now_("half closed after %(days)s d") % {"days": number(found.median, 1)}
    across = now_("Days since detection")
    return survival.spec(survival.of(found, now_("Share still open"), across, text))


def _survival_words(found: Trends) -> str:
    low, high = found.survival.interval
    unknown = label("unknown").lower()
    words = {
        "median": unknown if found.survival.median is None else f"{found.survival.median:.1f}",
        "low": unknown if low is None else f"{low:.1f}",
        "high": unknown if high is None else f"{high:.1f}",
        "open": found.followed_open,
    }
    return (
        now_(
            "Deviations detected in the period, followed to now: median %(median)s d, 95 %% %(low)s"
            " to %(high)s d; %(open)s still open are in it as such (Kaplan-Meier)."
        )
        % words
    )
