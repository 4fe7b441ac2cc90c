"""Exact order statistics for skewed times: median, nearest-rank percentile, median's interval."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGE = 1000
"""Above so many values the median's interval is found by the distribution function."""

RANK_REACH = 2
"""How far the exact rank of the median's interval can be from `median_rank_about`, in ranks."""


def median(values: Sequence[float]) -> float | None:
    """Return the median, None for no values."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def nearest_rank(values: Sequence[float], share: float) -> float | None:
    """Return a percentile by nearest rank: the smallest value with at least that share below.

    Args:
        values: In any order.
        share: 0 < share <= 1.

    References:
        Hyndman & Fan, Am. Stat. 50 (1996) 361, definition 1.
    """
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(1, math.ceil(round(share * len(ordered), 9))) - 1]


def median_interval(
    values: Sequence[float], confidence: float = 0.95
) -> tuple[float, float] | None:
    """Return an exact, distribution-free interval of the median from order statistics.

    The narrowest pair of equal ranks from both ends whose binomial coverage is at least
    `confidence`; None when there are too few values for one (fewer than 6 at 95 %).

    References:
        Conover, Practical Nonparametric Statistics, 3rd ed., §3.2; David & Nagaraja, Order
        Statistics, 3rd ed., §7.1.
    """
    ordered = sorted(values)
    n = len(ordered)
    rank = median_rank(n, confidence)
    return None if rank is None else (ordered[rank - 1], ordered[n - rank])


@lru_cache(maxsize=4096)
def median_rank(n: int, confidence: float = 0.95) -> int | None:
    """Return the largest rank whose pair, it and n + 1 - it, still covers the median.

    Args:
        n: How many values there are.
        confidence: Least coverage of the interval.

    Returns:
        The lower rank, from 1; None when there are too few values.
    """
    return _counted_rank(n, confidence) if n <= LARGE else _computed_rank(n, confidence)


def _computed_rank(n: int, confidence: float) -> int:
    """Return the rank from the binomial distribution function, for whole numbers too large."""
    from scipy.special import bdtr  # noqa: PLC0415 - only for many values

    allowed = (1 - confidence) / 2
    rank = int(median_rank_about(n)) + RANK_REACH
    while rank > 1 and bdtr(rank - 1, n, 0.5) > allowed:
        rank -= 1
    return rank


def median_rank_about(n: int) -> float:
    """Return the 95 % lower rank by the normal approximation: at most `RANK_REACH` off.

    An engine computes this for each group where the exact rank would need whole numbers of n bits;
    it hands over the values around, and the exact rank chooses.
    """
    return (n + 1) / 2 - 0.98 * math.sqrt(n)


def _counted_rank(n: int, confidence: float) -> int | None:
    """Return the rank in whole numbers, so exactly.

    `tail` is the number of the 2**n outcomes with fewer than `rank` values below the median.
    """
    allowed = int((1 - Fraction(str(confidence))) * 2**n)
    best, term, tail = None, 1, 1
    for rank in range(1, n // 2 + 1):
        if 2 * tail > allowed:
            break
        best = rank
        term = term * (n - rank + 1) // rank
        tail += term
    return best
