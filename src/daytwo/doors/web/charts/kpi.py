"""From a KPI's trend to its control chart: the numbers of insight in the words of the reader."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from daytwo.doors.web import tiles
from daytwo.doors.web.charts.control import Control, Line, Shift, Span
from daytwo.doors.web.formats import number, site_zone, span_words, unit_sign
from daytwo.insight.kpis.calendar import at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.detection.control import ControlChart
    from daytwo.insight.kpis.definition import Definition


def control(
    of: Definition, chart: ControlChart, span: str, lines: Sequence[Line] = ()
) -> Control | None:
    """Return the chart of a trend; None when nothing in it is known.

    Args:
        of: The KPI.
        chart: Its trend with limits.
        span: `week` or `month`.
        lines: Baseline and target.
    """
    if chart.centre is None:
        return None
    digits = tiles.places(chart.centre)
    zone = site_zone().key

    def day(since_us: int) -> str:
        return f"{at(since_us, zone):%Y-%m-%d}"

    return Control(
        title=unit_sign(of.unit),
        spans=tuple(
            Span(day(p.since_us), p.value, p.lower, p.upper, bool(p.flags)) for p in chart.points
        ),
        centre=chart.centre,
        centre_text=_("mean %(value)s") % {"value": f"{chart.centre:.{digits}f}"},
        limit_text=_("limits, 3 sigma"),
        shifts=tuple(
            Shift(
                day(chart.points[change.index].since_us),
                _("from %(before)s to %(after)s")
                % {
                    "before": f"{change.before:.{digits}f}",
                    "after": f"{change.after:.{digits}f}",
                },
            )
            for change in chart.changes
            if not math.isnan(change.before + change.after)
        ),
        lines=tuple(lines),
        months=span == "month",
    )


def words(of: Definition, chart: ControlChart) -> str:
    """Return what a control chart shows, for those who do not see it."""
    said = _("%(name)s over time: %(n)s spans, %(out)s marked by a rule, %(changes)s changes.") % {
        "name": of.name,
        "n": chart.known,
        "out": len(chart.flagged),
        "changes": len(chart.changes),
    }
    marked = ", ".join(span_words(point.label) for point in chart.flagged)
    return f"{said} {marked}".strip()


def told(of: Definition, chart: ControlChart) -> dict[str, Any]:
    """Return the caption of a control chart, and the same as a table."""
    return {
        "caption": _("%(kind)s chart. Limits: %(how)s. A diamond: a rule marks this value.")
        % {"kind": chart.kind, "how": chart.convention},
        "columns": (
            _("Span"),
            f"{_('Value')}, {unit_sign(of.unit)}",
            "n",
            _("Lower limit"),
            _("Upper limit"),
            _("Marked by"),
        ),
        "rows": [
            (
                span_words(p.label),
                _number(p.value),
                p.n,
                _number(p.lower),
                _number(p.upper),
                ", ".join(p.flags),
            )
            for p in chart.points
        ],
    }


def _number(value: float | None) -> str:
    return str(number(value, None if value is None else tiles.places(value)))
