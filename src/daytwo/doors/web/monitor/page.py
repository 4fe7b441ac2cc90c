"""Process monitor: a value of each batch of a product on an individuals chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers
from daytwo.doors.web.charts import individuals, render
from daytwo.doors.web.formats import unit_sign
from daytwo.doors.web.labels import label
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.insight.detection.detectors.individuals import IndividualsChart, individuals_chart
from daytwo.insight.detection.registry import Observation
from daytwo.insight.detection.runs import RULES
from daytwo.insight.facts.queries import measured_names, products, series
from daytwo.record.access.enums import Permission
from daytwo.record.laboratory.models import Result

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from markupsafe import Markup

PAGE = Page("monitor/", _("Process monitor"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 20))

_FIRST = ("dissolution_av", "batch")
"""What is shown first where a product has it."""
_MOST_POINTS = 300
_MOST_CHARTS = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """One chart of the page: its numbers, its picture, and the words for it."""

    name: str
    unit: str
    chart: IndividualsChart
    picture: Markup | None
    flagged: tuple[tuple[str, float, tuple[str, ...]], ...]
    shown: int
    of: int


@PAGE.route()
def monitor(request: HttpRequest) -> HttpResponse:
    """Draw the chosen values of a product, each on an individuals chart."""
    known = products()
    product = request.GET.get("product", "") or _busiest(known)
    names = measured_names(product)
    asked = [n for n in request.GET.getlist("name") if n in {name for name, *_ in names}]
    chosen = asked or _default(names)
    titles = _titles(names)
    context = {
        "products": known,
        "product": product,
        "names": [(name, titles[name]) for name, *_ in names],
        "chosen": chosen[:_MOST_CHARTS],
        "charts": [_draw(product, name, titles[name]) for name in chosen[:_MOST_CHARTS]],
        "rules": RULES,
    }
    return answers.page(request, "monitor/monitor.html", context)


def _busiest(known: list[tuple[str, str, int]]) -> str:
    """Return the product with the most batches: there is most to see."""
    return max(known, key=lambda p: p[2], default=("", "", 0))[0]


def _default(names: list[tuple[str, str, int]]) -> list[str]:
    there = [name for name, *_ in names]
    return [name for name in _FIRST if name in there] or there[:2]


def _titles(names: list[tuple[str, str, int]]) -> dict[str, str]:
    """Return what each value is called: a test by its own name, a yield as one, others as named."""
    codes = [name for name, *_ in names]
    tests = Result.objects.filter(test_code__in=codes).values_list("test_code", "test_name")
    known = dict(tests.distinct())
    return {
        name: known.get(name)
        or (now_("Yield, %(name)s") % {"name": label(name).lower()} if unit == "%" else name)
        for name, unit, _count in names
    }


def _draw(product: str, name: str, title: str) -> Drawn:
    points = series(product, name)
    shown = points[-_MOST_POINTS:]
    unit = unit_sign(next((p.unit for p in reversed(shown) if p.unit), ""))
    chart = individuals_chart([Observation(p.batch_id, p.value) for p in shown])
    flagged = tuple((p.label, p.value, p.flags) for p in chart.points if p.flags)
    picture = _picture(title, unit, chart)
    return Drawn(title, unit, chart, picture, flagged, len(shown), len(points))


def _picture(name: str, unit: str, chart: IndividualsChart) -> Markup | None:
    if chart.centre is None:
        return None
    title = f"{name}, {unit}" if unit else name
    drawn = individuals.Individuals(
        title=title,
        across=now_("Batches in time order"),
        points=tuple(individuals.Point(p.label, p.value, bool(p.flags)) for p in chart.points),
        centre=chart.centre,
        lower=chart.lower,
        upper=chart.upper,
        names=(now_("centre"), now_("lower"), now_("upper")),
        places=_places(chart),
    )
    outside = sum(bool(p.flags) for p in chart.points)
    words = now_("Individuals chart of %(title)s: %(n)s batches, %(out)s marked by a rule.") % {
        "title": title,
        "n": chart.n,
        "out": outside,
    }
    return render.inline(individuals.spec(drawn), words)


def _places(chart: IndividualsChart) -> int:
    """Return how many digits after the point tell the limits apart."""
    sigma = chart.sigma or 0.0
    return 1 if sigma >= 0.5 else 2 if sigma >= 0.05 else 3  # noqa: PLR2004 -- a tenth of sigma
