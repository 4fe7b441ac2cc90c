"""The individuals chart (XmR): one value a batch, limits from the mean moving range.

Convention: centre = mean; sigma = mean of the moving ranges of two / d2 with d2 = 1.128; limits =
centre +- 3 sigma; moving ranges: centre = their mean, upper limit = 3.267 times it, lower 0.
Missing values are left out, and the moving range then spans the gap.

References:
    D. C. Montgomery, Introduction to Statistical Quality Control, 8th ed., section 6.4 and
    appendix VI. ISO 7870-2:2023 (Shewhart control charts). R's qcc 3.0, type `xbar.one`.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.detection.registry import Observation, Signal, detector
from daytwo.insight.detection.runs import NELSON, RULES, violations

if TYPE_CHECKING:
    from collections.abc import Sequence

D2 = 1.128
"""Mean range of two normal values in sigma, as tables print it (exactly 2 / sqrt(pi))."""

D4 = 3.267
"""Upper limit of the range of two in mean ranges, as tables print it."""

LARGEST = 1e150
"""Values beyond this are left out: sums of them would no longer be numbers."""


@dataclass(frozen=True, slots=True)
class Point:
    """A plotted value.

    Attributes:
        label: What it belongs to.
        value: In the chart's unit.
        flags: Names of the rules that mark it; for a moving range `beyond-upper`.
    """

    label: str
    value: float
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MovingRange:
    """The lower half of an XmR chart: distances of neighbours; all in the chart's unit."""

    centre: float | None
    upper: float | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """An observation that is not in the chart, and why."""

    label: str
    why: str


@dataclass(frozen=True, slots=True)
class IndividualsChart:
    """An individuals chart's numbers; everything in the series' unit.

    Attributes:
        centre: Centre line; None without any value.
        sigma: Standard deviation of a value, from the mean moving range; None below two values.
        lower: Lower control limit, centre - 3 sigma; None where sigma is.
        upper: Upper control limit, centre + 3 sigma; None where sigma is.
        points: The values in the order given, with the rules that mark them.
        moving_range: The moving-range chart below it.
        n: How many values are plotted.
        baseline_n: How many of them set the limits.
        excluded: What was left out.
        convention: How the limits were made, in a sentence for people.
    """

    centre: float | None
    sigma: float | None
    lower: float | None
    upper: float | None
    points: tuple[Point, ...]
    moving_range: MovingRange
    n: int
    baseline_n: int
    excluded: tuple[Excluded, ...]
    convention: str = "mean ± 3 sigma, where sigma = mean moving range of two / 1.128"


def individuals_chart(
    series: Sequence[Observation],
    *,
    baseline: int | None = None,
    rules: Sequence[str] = NELSON,
) -> IndividualsChart:
    """Compute an individuals chart.

    Args:
        series: Observations in time order, of one unit.
        baseline: How many observations from the start (missing ones counted) set centre and
            limits; None for all.
        rules: Run rules to mark points by, names of `runs.RULES`.

    Returns:
        The chart's numbers; unknown (None) where there are too few values.

    References:
        See the module's.
    """
    kept, excluded = _usable(series)
    values = [value for i in kept if (value := series[i].value) is not None]
    base = [v for i, v in zip(kept, values, strict=True) if baseline is None or i < baseline]
    centre = _mean(base)
    spread = _mean([abs(b - a) for a, b in itertools.pairwise(base)])
    sigma = None if spread is None else spread / D2
    marks = _marks(values, centre, sigma, rules)
    lower, upper = _limits(centre, sigma)
    return IndividualsChart(
        centre=centre,
        sigma=sigma,
        lower=lower,
        upper=upper,
        points=tuple(
            Point(series[i].label, value, marks[at])
            for at, (i, value) in enumerate(zip(kept, values, strict=True))
        ),
        moving_range=_moving_range([series[i].label for i in kept], values, spread),
        n=len(values),
        baseline_n=len(base),
        excluded=excluded,
    )


@detector(
    "individuals",
    version=1,
    title="Individuals chart with Nelson's rules",
    references=("Montgomery, 8th ed., 6.4", "ISO 7870-2:2023", "Nelson 1984"),
)
def individuals(
    series: Sequence[Observation], *, baseline: int | None = None
) -> tuple[Signal, ...]:
    """Signal every point that a Nelson rule marks; see `registry.Detect`."""
    kept, _ = _usable(series)
    chart = individuals_chart(series, baseline=baseline)
    return tuple(
        Signal(index, point.label, point.value, rule, RULES[rule])
        for index, point in zip(kept, chart.points, strict=True)
        for rule in point.flags
    )


def _usable(series: Sequence[Observation]) -> tuple[list[int], tuple[Excluded, ...]]:
    kept: list[int] = []
    excluded: list[Excluded] = []
    for index, observation in enumerate(series):
        if observation.value is None:
            excluded.append(Excluded(observation.label, "missing"))
        elif not abs(observation.value) <= LARGEST:
            excluded.append(Excluded(observation.label, "not a number that a chart can hold"))
        else:
            kept.append(index)
    return kept, tuple(excluded)


def _mean(values: Sequence[float]) -> float | None:
    """Return the mean; that of equal values is exactly that value, so a constant stays silent."""
    if not values:
        return None
    return min(max(math.fsum(values) / len(values), min(values)), max(values))


def _limits(centre: float | None, sigma: float | None) -> tuple[float | None, float | None]:
    if centre is None or sigma is None:
        return None, None
    return centre - 3 * sigma, centre + 3 * sigma


def _marks(
    values: Sequence[float], centre: float | None, sigma: float | None, rules: Sequence[str]
) -> list[tuple[str, ...]]:
    marks: list[list[str]] = [[] for _ in values]
    if centre is not None and sigma is not None:
        for rule, positions in violations(values, centre, sigma, rules).items():
            for position in positions:
                marks[position].append(rule)
    return [tuple(names) for names in marks]


def _moving_range(
    labels: Sequence[str], values: Sequence[float], spread: float | None
) -> MovingRange:
    upper = None if spread is None else D4 * spread
    points = []
    for label, before, value in zip(labels[1:], values, values[1:], strict=False):
        distance = abs(value - before)
        beyond = upper is not None and distance > upper
        points.append(Point(label, distance, ("beyond-upper",) if beyond else ()))
    return MovingRange(spread, upper, tuple(points))
