"""A KPI as a tile: value, unit, n, interval, change beyond noise, sparkline, state in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daytwo.doors.web.charts.sparkline import Sparkline, sparkline
from daytwo.doors.web.formats import MINUS, NARROW, interval, number, span_words, unit_sign
from daytwo.insight.kpis.compare import Comparison, Verdict, direction
from daytwo.insight.kpis.measures import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.detection.control import ControlChart
    from daytwo.insight.kpis.value import KpiValue

_KINDS = {Verdict.WORSE: "attention"}
_ICONS = {
    Verdict.BETTER: "check",
    Verdict.WORSE: "attention",
    Verdict.CHANGED: "info",
    Verdict.NOTHING_SHOWN: "flat",
    Verdict.UNKNOWN: "question",
}


@dataclass(frozen=True, slots=True)
class Delta:
    """What a figure is set against.

    Args:
        against: `baseline`, `target` or `period`.
        name: Its words, such as `against the period before`.
        comparison: The difference and its interval.
        text: What is said of it.
        icon: Its icon.
        kind: Its colour: `plain` or `attention`.
    """

    against: str
    name: str
    comparison: Comparison
    text: str
    icon: str
    kind: str


@dataclass(frozen=True, slots=True)
class Tile:
    """What one tile shows, all in words but for the sparkline."""

    found: KpiValue
    value: str | None
    unit: str
    basis: str
    state: str
    icon: str
    kind: str
    deltas: tuple[Delta, ...]
    spark: Sparkline | None
    spark_words: str
    notes: tuple[str, ...]
    href: str


def tile(
    found: KpiValue,
    chart: ControlChart | None,
    deltas: Sequence[Delta] = (),
    href: str = "",
    notes: Sequence[str] = (),
) -> Tile:
    """Return the tile of a figure.

    Args:
        found: The figure.
        chart: Its trend, for the sparkline and for what stands out now.
        deltas: What it is set against, the most weighty first.
        href: Where its definition and its subjects are.
        notes: What else must be said, such as by what it could not be narrowed.
    """
    state, icon, kind = _state(found, chart, deltas)
    return Tile(
        found=found,
        value=None if found.value is None else str(number(found.value, places(found.value))),
        unit=unit_sign(found.definition.unit),
        basis=basis(found),
        state=state,
        icon=icon,
        kind=kind,
        deltas=tuple(deltas),
        spark=_spark(chart),
        spark_words=_spark_words(chart),
        notes=tuple(notes),
        href=href,
    )


def delta(found: KpiValue, comparison: Comparison, against: str, name: str) -> Delta:
    """Return a comparison in words.

    Args:
        found: The figure.
        comparison: It against something.
        against: `baseline`, `target` or `period`.
        name: Its words.
    """
    verdict = comparison.verdict
    icon, kind = _ICONS[verdict], _KINDS.get(verdict, "plain")
    return Delta(against, name, comparison, _said(found, comparison), icon, kind)


def basis(found: KpiValue) -> str:
    """Return what a figure rests on: median or sums, n, open, P90, interval."""
    digits = places(found.value)
    parts = [_("median")] if found.definition.statistic.kind is Kind.MEDIAN else []
    parts.append(_counts(found))
    if found.open:
        parts.append(ngettext("%(n)s open", "%(n)s open", found.open) % {"n": found.open})
    if found.p90 is not None:
        parts.append(f"P90 {number(found.p90, digits)}")
    if found.interval:
        parts.append(f"95{NARROW}% {interval(*found.interval, digits)}")
    elif found.value is not None:
        parts.append(_("interval unknown"))
    return " · ".join(parts)


def places(value: float | None) -> int:
    """Return how many digits after the point a value of this size is written with."""
    size = abs(value or 0.0)
    if value == 0:
        return 1
    return 0 if size >= 100 else 1 if size >= 1 else 2  # noqa: PLR2004 - three digits or so


def distance(value: float, unit: str, digits: int | None = None) -> str:
    """Return how far two figures lie apart: two shares in points, for a percentage is of one."""
    return written(value, _("points") if unit == "%" else unit, digits)


def written(value: float, unit: str, digits: int | None = None) -> str:
    """Return a number with its unit."""
    sign = unit_sign(unit)
    text = number(value, places(value) if digits is None else digits)
    return f"{text}{NARROW}{sign}" if sign else str(text)


def _counts(found: KpiValue) -> str:
    kind = found.definition.statistic.kind
    if kind is Kind.SHARE and found.numerator is not None and found.denominator:
        of = {"some": f"{found.numerator:.0f}", "all": f"{found.denominator:.0f}"}
        return _("%(some)s of %(all)s") % of
    if kind is Kind.RATE and found.numerator is not None and found.denominator:
        of = {"some": f"{found.numerator:.0f}", "all": f"{found.denominator:.0f}"}
        return _("%(some)s in %(all)s") % of
    return f"n {found.n}"


def _said(found: KpiValue, c: Comparison) -> str:
    unit = found.definition.unit
    if c.verdict is Verdict.UNKNOWN or c.difference is None:
        return _("unknown, %(why)s") % {"why": c.why}
    size = distance(abs(c.difference), unit)
    sign = MINUS if c.difference < 0 else "+"
    if c.verdict is Verdict.NOTHING_SHOWN:
        return _("no change shown (%(sign)s%(size)s is within noise)") % {
            "sign": sign,
            "size": size,
        }
    sure = distance(abs(c.beyond_noise or 0.0), unit)
    words = {
        Verdict.BETTER: _("better by %(size)s, at least %(sure)s beyond noise"),
        Verdict.WORSE: _("worse by %(size)s, at least %(sure)s beyond noise"),
        Verdict.CHANGED: _("changed by %(size)s, at least %(sure)s beyond noise"),
    }
    return words[c.verdict] % {"size": size, "sure": sure}


def _state(
    found: KpiValue, chart: ControlChart | None, deltas: Sequence[Delta]
) -> tuple[str, str, str]:
    """Return the one thing to say of a figure: what asks for a hand before what is well."""
    if found.withheld:
        return found.withheld, "lock", "plain"
    if found.value is None:
        return _("unknown: nothing counts in this period"), "question", "plain"
    if worse := next((d for d in deltas if d.kind == "attention"), None):
        return f"{worse.name}: {worse.text}", "attention", "attention"
    last = next((p for p in reversed(chart.points) if p.value is not None), None) if chart else None
    if chart and last and last.flags and chart.centre is not None and last.value is not None:
        away = (last.value - chart.centre) * direction(found.definition)
        if away < 0:
            return _("Out of its usual range in %(span)s") % {
                "span": span_words(last.label)
            }, *_ATTENTION
    if deltas:
        first = deltas[0]
        return f"{first.name}: {first.text}", first.icon, first.kind
    return _("nothing to set it against"), "flat", "plain"


_ATTENTION = ("attention", "attention")


def _spark(chart: ControlChart | None) -> Sparkline | None:
    if chart is None:
        return None
    known = [p for p in chart.points if p.value is not None]
    if len(known) < 2:  # noqa: PLR2004 - one value is no line
        return None
    last = known[-1]
    limits = [] if last.lower is None or last.upper is None else [last.lower, last.upper]
    values = [p.value for p in known if p.value is not None]
    return sparkline(
        values,
        str(number(last.value, places(last.value if chart.centre is None else chart.centre))),
        centre=chart.centre,
        limits=limits,
        out=[i for i, p in enumerate(known) if p.flags],
    )


def _spark_words(chart: ControlChart | None) -> str:
    if chart is None:
        return ""
    words = {"n": chart.known, "out": len(chart.flagged)}
    return _("The last %(n)s spans with centre and limits; %(out)s marked by a rule") % words
