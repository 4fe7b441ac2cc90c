"""What is made of the sums of groups by hand: value, n and P90, and the limits of each at 95 %.

The same for whoever added them up: whole columns, after the formulas that the definitions cite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from scipy.special import gammaincinv, stdtrit
from scipy.stats import binom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Column: TypeAlias = NDArray[np.float64]

LARGEST = 20_000
"""No group has more values."""
TAIL = 0.025
Z2 = 1.959963984540054**2


class Made(NamedTuple):
    """The figures of groups; NaN is unknown."""

    value: Column
    n: Column
    p90: Column
    low: Column
    high: Column


def ranks(least: int = 6) -> Column:
    """Return for each number of values up to `LARGEST` the rank of a median's lower limit.

    References:
        Conover, Practical Nonparametric Statistics, 3rd ed., §3.2.
    """
    n = np.arange(LARGEST + 1)
    found: Column = binom.ppf(TAIL, np.maximum(n, 1), 0.5)
    return np.where((n >= least) & (found >= 1), found, np.nan)


def median(sums: Sequence[Column], _scale: float) -> Made:
    """Return what the engine picked: value, n, P90 and limits."""
    return Made(*sums)


def share(sums: Sequence[Column], scale: float) -> Made:
    """Return y of n with Wilson's limits (1927)."""
    y, n = sums
    n = np.where(n > 0, n, np.nan)
    p = y / n
    known = np.where((y >= 0) & (y <= n), p, np.nan)
    middle = (known + Z2 / (2 * n)) / (1 + Z2 / n)
    half = np.sqrt(Z2 * (known * (1 - known) / n + Z2 / (4 * n * n))) / (1 + Z2 / n)
    low = np.where(y == 0, 0, np.maximum(0, middle - half))
    high = np.where(y == n, 1, np.minimum(1, middle + half))
    return Made(scale * p, sums[1], _unknown(y), scale * low, scale * high)


def rate(sums: Sequence[Column], scale: float) -> Made:
    """Return y events of x with Garwood's limits (1936); n are the subjects of x."""
    y, x, n = sums
    low = np.where(y > 0, gammaincinv(np.maximum(y, 1), TAIL), 0)
    high = gammaincinv(y + 1, 1 - TAIL)
    return Made(scale * y / x, n, _unknown(y), scale * low / x, scale * high / x)


def ratio(sums: Sequence[Column], scale: float) -> Made:
    """Return y by x over n subjects, linearised (Cochran, Sampling Techniques, §6.4)."""
    n, y, x, yy, xx, xy = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        value = y / np.where(x > 0, x, np.nan)
        left = np.maximum(0, yy - 2 * value * xy + value**2 * xx)
        some = np.where(n > 1, n, np.nan)
        half = stdtrit(some - 1, 1 - TAIL) * np.sqrt(some / (some - 1) * left) / x
    low = np.maximum(0, value - half)
    return Made(scale * value, n, _unknown(y), scale * low, scale * (value + half))


def alone(sums: Sequence[Column], scale: float) -> Made:
    """Return a value for which nobody states limits."""
    value, n = sums
    return Made(scale * value, n, *(_unknown(value) for _ in range(3)))


def _unknown(like: Column) -> Column:
    return np.full(len(like), np.nan)
