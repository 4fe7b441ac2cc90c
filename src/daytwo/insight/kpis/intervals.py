"""Intervals of shares, rates and ratios that hold for small numbers too; all at 95 %."""

from __future__ import annotations

import math
from statistics import NormalDist

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def wilson(successes: float, trials: float) -> tuple[float, float] | None:
    """Return Wilson's score interval of a share.

    Args:
        successes: From 0 to `trials`.
        trials: How many; None is returned for 0.

    References:
        Wilson, J. Am. Stat. Assoc. 22 (1927) 209; Brown, Cai & DasGupta, Statistical Science 16
        (2001) 101.
    """
    if trials <= 0 or not 0 <= successes <= trials:
        return None
    share, z2 = successes / trials, Z * Z
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    spread = share * (1 - share) / trials + z2 / (4 * trials * trials)
    half = Z / (1 + z2 / trials) * math.sqrt(spread)
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == trials else min(1.0, middle + half)
    return low, high


def garwood(events: float, exposure: float) -> tuple[float, float] | None:
    """Return the exact Poisson interval of a rate.

    Args:
        events: How many happened, from 0.
        exposure: What they are set against; None is returned for 0.

    References:
        Garwood, Biometrika 28 (1936) 437.
    """
    if exposure <= 0 or events < 0:
        return None
    from scipy.special import gammaincinv  # noqa: PLC0415 - only when a rate is asked for

    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if events == 0 else float(gammaincinv(events, tail))
    return low / exposure, float(gammaincinv(events + 1, 1 - tail)) / exposure


def linearised(
    n: int, *, y: float, x: float, yy: float, xx: float, xy: float
) -> tuple[float, float] | None:
    """Return the interval of a ratio of sums over subjects, by linearisation.

    Entries of one batch are not independent of each other: the batches are.

    Args:
        n: Subjects.
        y: Sum of the numerators.
        x: Sum of the denominators.
        yy: Sum of the squares of the numerators.
        xx: Likewise of the denominators.
        xy: Sum of the products.

    Returns:
        Lower (not below 0) and upper limit; None below two subjects.

    References:
        Cochran, Sampling Techniques, 3rd ed., §6.4; t with n - 1 degrees of freedom.
    """
    least = 2
    if n < least or x <= 0:
        return None
    from scipy.special import stdtrit  # noqa: PLC0415 - only when a ratio is asked for

    ratio = y / x
    residual = max(0.0, yy - 2 * ratio * xy + ratio * ratio * xx)
    error = math.sqrt(n / (n - 1) * residual) / x
    half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * error
    return max(0.0, ratio - half), ratio + half
