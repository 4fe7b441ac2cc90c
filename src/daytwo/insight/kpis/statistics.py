"""Exact order statistics for skewed times: median, nearest-rank percentile, median's interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    best = None
    tail = 0
    for rank in range(1, n // 2 + 1):
        tail += math.comb(n, rank - 1)
        if 1 - 2 * tail / 2**n >= confidence:
            best = rank
    return None if best is None else (ordered[best - 1], ordered[n - best])
