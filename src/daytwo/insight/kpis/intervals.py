"""Intervals of shares, rates and ratios that hold for small numbers too; all at 95 %.

Each is written once, over columns of groups; one group is a column of one.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Column = NDArray[np.float64]
    Limits = tuple[Column, Column]

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
LEAST = 2
"""Fewer subjects do not tell how far they differ."""


def wilson(successes: float, trials: float) -> tuple[float, float] | None:
    """Return Wilson's score interval of one share; see `wilsons`."""
    return _one(wilsons, successes, trials)


def wilsons(successes: ArrayLike, trials: ArrayLike) -> Limits:
    """Return Wilson's score interval of each share.

    Args:
        successes: From 0 to `trials`.
        trials: How many.

    Returns:
        Lower and upper limits; NaN for no trial.

    References:
        Wilson, J. Am. Stat. Assoc. 22 (1927) 209; Brown, Cai & DasGupta, Statistical Science 16
        (2001) 101.
    """
    k, n = _columns(successes, trials)
    n = np.where((n > 0) & (k >= 0) & (k <= n), n, np.nan)
    share, z2 = k / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    spread = share * (1 - share) / n + z2 / (4 * n * n)
    half = Z / (1 + z2 / n) * np.sqrt(spread)
    low = np.where(k == 0, 0.0, np.maximum(0.0, middle - half))
    high = np.where(k == n, 1.0, np.minimum(1.0, middle + half))
    return np.where(np.isnan(n), np.nan, low), high


def garwood(events: float, exposure: float) -> tuple[float, float] | None:
    """Return the exact Poisson interval of one rate; see `garwoods`."""
    return _one(garwoods, events, exposure)


def garwoods(events: ArrayLike, exposure: ArrayLike) -> Limits:
    """Return the exact Poisson interval of each rate.

    Args:
        events: How many happened, from 0.
        exposure: What they are set against.

    Returns:
        Lower and upper limits; NaN without exposure.

    References:
        Garwood, Biometrika 28 (1936) 437.
    """
    from scipy.special import gammaincinv  # noqa: PLC0415 - only when a rate is asked for

    k, x = _columns(events, exposure)
    known = (x > 0) & (k >= 0)
    k, x = np.where(known, k, np.nan), np.where(known, x, np.nan)
    # Few different numbers of events, many groups: the inverse is what takes the time.
    different, place = np.unique(k, return_inverse=True)
    tail = (1 - CONFIDENCE) / 2
    low = np.where(different == 0, 0.0, gammaincinv(np.where(different == 0, 1, different), tail))
    high = gammaincinv(different + 1, 1 - tail)
    return low[place] / x, high[place] / x


def linearised(
    n: int, *, y: float, x: float, yy: float, xx: float, xy: float
) -> tuple[float, float] | None:
    """Return the interval of one ratio of sums; see `linearisations`."""
    return _one(linearisations, n, y, x, yy, xx, xy)


def linearisations(
    n: ArrayLike, y: ArrayLike, x: ArrayLike, yy: ArrayLike, xx: ArrayLike, xy: ArrayLike
) -> Limits:
    """Return the interval of each ratio of sums over subjects, by linearisation.

    Entries of one batch are not independent of each other: the batches are.

    Args:
        n: Subjects.
        y: Sum of the numerators.
        x: Sum of the denominators.
        yy: Sum of the squares of the numerators.
        xx: Likewise of the denominators.
        xy: Sum of the products.

    Returns:
        Lower (not below 0) and upper limits; NaN below two subjects.

    References:
        Cochran, Sampling Techniques, 3rd ed., §6.4; t with n - 1 degrees of freedom.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - only when a ratio is asked for

    number, top, base, top2, base2, both = _columns(n, y, x, yy, xx, xy)
    known = (number >= LEAST) & (base > 0)
    number, base = np.where(known, number, np.nan), np.where(known, base, np.nan)
    ratio = top / base
    residual = np.maximum(0.0, top2 - 2 * ratio * both + ratio * ratio * base2)
    error = np.sqrt(number / (number - 1) * residual) / base
    sizes, place = np.unique(number, return_inverse=True)
    half = stdtrit(sizes - 1, (1 + CONFIDENCE) / 2)[place] * error
    return np.maximum(0.0, ratio - half), ratio + half


def _columns(*given: ArrayLike) -> list[Column]:
    return [np.atleast_1d(np.asarray(one, dtype=np.float64)) for one in given]


def _one(of: Callable[..., Limits], *given: float) -> tuple[float, float] | None:
    low, high = of(*given)
    return None if np.isnan(low[0]) else (float(low[0]), float(high[0]))
