"""What is made of the subjects of a KPI: a median, a share, a rate, a ratio or a quotient."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from daytwo.insight.kpis import intervals
from daytwo.insight.kpis.subjects import DAY_US, HOUR_US, MINUTE_US

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from daytwo.insight.kpis.survival import Survival

    Column = NDArray[np.float64]


class Kind(StrEnum):
    """How the subjects' numbers become one."""

    MEDIAN = "median"
    SHARE = "share"
    RATE = "rate"
    RATIO = "ratio"
    QUOTIENT = "quotient"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Statistic:
    """A kind with its scale.

    Attributes:
        kind: Of what kind.
        scale: What numerator by denominator is multiplied with, such as 100 for per cent.
        unit_us: For a median of times: microseconds in the unit, for the ages of open subjects.
        factors: For a product: the kinds of subjects, of which each gives one factor.
    """

    kind: Kind
    scale: float = 1.0
    unit_us: int = 0
    factors: tuple[str, ...] = ()


def times(unit: str) -> Statistic:
    """Return a median, P90 and, while some are open, Kaplan-Meier; in `d`, `h` or `min`."""
    return Statistic(Kind.MEDIAN, 1.0, {"d": DAY_US, "h": HOUR_US, "min": MINUTE_US}[unit])


def median() -> Statistic:
    """Return a median and P90 of values that are no waiting times."""
    return Statistic(Kind.MEDIAN)


def share() -> Statistic:
    """Return a share in per cent: subjects with a 1 by subjects, with Wilson's interval."""
    return Statistic(Kind.SHARE, 100.0)


def rate(per: float) -> Statistic:
    """Return events by exposure, with the exact Poisson interval."""
    return Statistic(Kind.RATE, per)


def ratio(scale: float) -> Statistic:
    """Return a ratio of sums over subjects, with the linearised interval."""
    return Statistic(Kind.RATIO, scale)


def quotient(scale: float) -> Statistic:
    """Return a ratio of the sums of two kinds of subjects; no interval can be stated."""
    return Statistic(Kind.QUOTIENT, scale)


def product(scale: float, *factors: str) -> Statistic:
    """Return a product of the ratios that each kind of subjects gives; no interval can be stated.

    Args:
        scale: Such as 100 for per cent.
        *factors: The kinds of subjects.
    """
    return Statistic(Kind.PRODUCT, scale, factors=factors)


@dataclass(slots=True)
class Parts:
    """The subjects of one group, added up by an engine.

    Attributes:
        counted: Subjects that count.
        open: Subjects whose stop event has not come.
        excluded: Reasons, each with its number of subjects.
        missing: Of the excluded those for which the record lacks something.
        undated: Left out of every period, as no time of theirs is known.
        unvalued: Counted without a number: a fault of the definition.
        exposed: Counted with a denominator above 0.
        persons: How many worked on what counts.
        y: Sum of the numerators.
        x: Sum of the denominators.
        yy: Sum of the squares of the numerators.
        xx: Sum of the squares of the denominators.
        xy: Sum of the products.
        factors: For a product: (numerators, denominators) by kind of subject.
    """

    counted: int = 0
    open: int = 0
    excluded: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    undated: int = 0
    unvalued: int = 0
    exposed: int = 0
    persons: int = 0
    y: float = 0.0
    x: float = 0.0
    yy: float = 0.0
    xx: float = 0.0
    xy: float = 0.0
    factors: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """The number of one group, in the definition's unit.

    Attributes:
        value: None when nothing counts.
        n: What the value rests on.
        interval: At 95 %; None where it is not defined.
        p90: 90th percentile by nearest rank; None but for medians.
        survival: Kaplan-Meier; None unless times are still open.
    """

    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    p90: float | None = None
    survival: Survival | None = None


def of_sums(statistic: Statistic, parts: Parts) -> Measure:
    """Return a share, rate or ratio from the sums of a group."""
    if statistic.kind is Kind.PRODUCT:
        found = multiplied(statistic, parts.factors)
        return Measure(found, parts.exposed)
    p = parts
    n, *sums = (np.array([x], dtype=np.float64) for x in (p.exposed, p.y, p.x, p.yy, p.xx, p.xy))
    value, low, high = (float(column[0]) for column in measured(statistic, n, sums))
    return Measure(
        None if math.isnan(value) else value,
        parts.exposed,
        None if math.isnan(low) else (low, high),
    )


def measured(
    statistic: Statistic, n: Column, sums: Sequence[Column]
) -> tuple[Column, Column, Column]:
    """Return the shares, rates or ratios of many groups, and their limits; NaN is unknown.

    Args:
        statistic: What is made of the sums.
        n: Subjects with an exposure, a group each.
        sums: Of numerators and denominators; for a ratio also of their squares and products.
    """
    y, x = sums[0], np.where(sums[1] > 0, sums[1], np.nan)
    if statistic.kind is Kind.SHARE:
        limits = intervals.wilsons(y, x)
    elif statistic.kind is Kind.RATE:
        limits = intervals.garwoods(y, x)
    elif statistic.kind is Kind.RATIO:
        limits = intervals.linearisations(n, y, x, *sums[2:])
    else:
        limits = (np.full_like(y, np.nan), np.full_like(y, np.nan))
    return statistic.scale * y / x, statistic.scale * limits[0], statistic.scale * limits[1]


def multiplied(statistic: Statistic, factors: Mapping[str, tuple[float, float]]) -> float | None:
    """Return the product of the ratios of each kind; None when one of them is unknown."""
    found = [factors.get(name, (0.0, 0.0)) for name in statistic.factors]
    if any(x <= 0 for _, x in found):
        return None
    return statistic.scale * math.prod(y / x for y, x in found)
