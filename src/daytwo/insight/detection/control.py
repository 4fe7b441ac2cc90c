"""A KPI's trend on its control chart: XmR for medians and ratios, p for shares, u for rates."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.detection.change_points import Change, change_points
from daytwo.insight.detection.detectors.individuals import individuals_chart
from daytwo.insight.detection.registry import Observation
from daytwo.insight.detection.runs import violations
from daytwo.insight.kpis.measures import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.kpis.value import KpiValue

RULES = ("nelson-1", "nelson-2")
"""One point beyond three sigma, or nine in a row on one side: few false alarms, easily said."""


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One span of the trend.

    Attributes:
        label: What people call the span, such as `2026-02`.
        since_us: Its first instant, microseconds UTC.
        value: In the KPI's unit; None when nothing counts.
        n: What the value rests on.
        lower: Lower control limit of this point; None where there is none.
        upper: Upper control limit likewise.
        flags: Names of the rules that mark it.
    """

    label: str
    since_us: int
    value: float | None
    n: int
    lower: float | None
    upper: float | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A control chart's numbers, in the KPI's unit.

    Attributes:
        kind: `XmR`, `p` or `u`.
        centre: Centre line; None without any value.
        points: In time order, unknown ones included.
        changes: Where the level moved; `index` is a position in `points`.
        convention: How the limits were made, for people.
    """

    kind: str
    centre: float | None
    points: tuple[ControlPoint, ...]
    changes: tuple[Change, ...]
    convention: str

    @property
    def flagged(self) -> tuple[ControlPoint, ...]:
        """The points that a rule marks."""
        return tuple(point for point in self.points if point.flags)

    @property
    def known(self) -> int:
        """How many points have a value."""
        return sum(point.value is not None for point in self.points)


_CONVENTIONS = {
    "XmR": "mean ± 3 sigma, where sigma = mean moving range of two / 1.128",
    "p": "overall share ± 3 √(p(1−p)/n) of each point",
    "u": "overall rate ± 3 √(u/exposure) of each point",
}


def control_chart(trend: Sequence[KpiValue]) -> ControlChart:
    """Return the control chart of a trend of `evaluate.trend`, of one group.

    Returns:
        Points in the trend's order; limits are unknown where there are too few values.

    References:
        Montgomery, Introduction to Statistical Quality Control, 8th ed., 6.4 (individuals), 7.2
        (p), 7.3 (u); ISO 7870-2:2023; Nelson 1984.
    """
    kind = trend[0].definition.statistic.kind if trend else Kind.MEDIAN
    if kind is Kind.SHARE:
        return _attributes("p", trend)
    if kind is Kind.RATE:
        return _attributes("u", trend)
    return _individuals(trend)


def _individuals(trend: Sequence[KpiValue]) -> ControlChart:
    series = [Observation(str(i), found.value) for i, found in enumerate(trend)]
    chart = individuals_chart(series, rules=RULES)
    flags = {int(point.label): point.flags for point in chart.points}
    lower = chart.lower
    if lower is not None and trend and trend[0].definition.range.startswith("0 "):
        lower = max(0.0, lower)
    points = [_point(found, lower, chart.upper, flags.get(i, ())) for i, found in enumerate(trend)]
    return _chart("XmR", chart.centre, points, [found.value for found in trend])


def _attributes(kind: str, trend: Sequence[KpiValue]) -> ControlChart:
    counts = [(found.numerator or 0.0, found.denominator or 0.0) for found in trend]
    above, below = (math.fsum(part) for part in zip(*counts, strict=True))
    if below <= 0:
        return _chart(kind, None, [_point(found, None, None, ()) for found in trend], [])
    scale = trend[0].definition.statistic.scale
    centre = above / below
    variance = centre * (1 - centre) if kind == "p" else centre
    sigmas = [math.sqrt(variance / x) if x > 0 else None for _, x in counts]
    known = [
        (i, (y / x - centre) / sigma if sigma else 0.0)
        for i, ((y, x), sigma) in enumerate(zip(counts, sigmas, strict=True))
        if x > 0 and trend[i].value is not None
    ]
    scores = [z for _, z in known]
    flags: dict[int, list[str]] = {}
    for rule, at in violations(scores, 0.0, 1.0, RULES).items():
        for position in at:
            flags.setdefault(known[position][0], []).append(rule)
    highest = 1.0 if kind == "p" else math.inf
    points = [
        _point(
            found,
            None if sigma is None else scale * max(0.0, centre - 3 * sigma),
            None if sigma is None else scale * min(highest, centre + 3 * sigma),
            tuple(flags.get(i, ())),
        )
        for i, (found, sigma) in enumerate(zip(trend, sigmas, strict=True))
    ]
    standardised: list[float | None] = [None] * len(trend)
    for i, z in known:
        standardised[i] = z
    return _chart(kind, scale * centre, points, standardised)


def _chart(
    kind: str,
    centre: float | None,
    points: Sequence[ControlPoint],
    judged: Sequence[float | None],
) -> ControlChart:
    values = [point.value for point in points]
    changes = _levels(change_points(judged), values)
    return ControlChart(kind, centre, tuple(points), changes, _CONVENTIONS[kind])


def _levels(changes: Sequence[Change], values: Sequence[float | None]) -> tuple[Change, ...]:
    """Return the changes with their levels as means of what is plotted."""
    edges = [0, *(change.index for change in changes), len(values)]
    means = []
    for low, high in itertools.pairwise(edges):
        some = [value for value in values[low:high] if value is not None]
        means.append(math.fsum(some) / len(some) if some else math.nan)
    return tuple(
        Change(change.index, means[n], means[n + 1], change.p) for n, change in enumerate(changes)
    )


def _point(
    found: KpiValue, lower: float | None, upper: float | None, flags: tuple[str, ...]
) -> ControlPoint:
    return ControlPoint(
        label=str(found.group["span"]),
        since_us=found.period.since_us or 0,
        value=found.value,
        n=found.n,
        lower=lower,
        upper=upper,
        flags=flags,
    )
