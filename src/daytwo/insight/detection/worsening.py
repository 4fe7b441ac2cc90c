"""Do a KPI's months grow worse beyond noise: one trend of all lines, many KPIs judged together."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daytwo.insight.kpis.compare import direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.kpis.value import KpiValue

ALPHA = 0.05
"""Of what is called decaying at one look at most this share is called so falsely, on average.

Where nothing decays it is the share of looks that call anything. Measured on simulated plants that
the rule was not chosen on: 1.7 % of looks, 0.09 calls a site-year; docs/simulator.md."""
LEAST = 9
"""Fewest months with a value: with fewer the scatter is hardly known."""


@dataclass(frozen=True, slots=True)
class Slope:
    """The rise of a KPI that its lines have in common.

    Attributes:
        per_month: In the KPI's unit a month.
        p: Probability of a rise or fall for the worse that is as clear, if nothing moves.
    """

    per_month: float
    p: float


def slope(lines: Sequence[Sequence[KpiValue]]) -> Slope | None:
    """Return the weighted regression of a KPI's figures on their month.

    Each line has a level of its own, so that another mix of lines is no trend. A month weighs as
    much as it rests on: its denominator, or n for a median. The scatter about the trend is taken
    from the figures, not from a Poisson or binomial law, as steps of one batch go wrong together.
    A slow growth tilts the trend, and so does a sudden step; one in the last months the least.

    Args:
        lines: Of one KPI: of each production line its months, one after the other, the same for
            all, unknown ones included. They are taken as independent but for the trend.

    Returns:
        None with fewer than `LEAST` months, without any move, or when the KPI takes no side.

    References:
        Armitage, Biometrics 11 (1955) 375 (trend of shares); Mantel, J. Am. Stat. Assoc. 58 (1963)
        690 (strata); McCullagh & Nelder, Generalized Linear Models, 2nd ed., 4.5 (dispersion).
    """
    known = [
        (at, line, found.value, found.n if found.denominator is None else found.denominator)
        for line, months in enumerate(lines)
        for at, found in enumerate(months)
        if found.value is not None
    ]
    levels = {line for _, line, _, _ in known}
    freedom = len(known) - len(levels) - 1
    moves = len({(line, value) for _, line, value, _ in known}) > len(levels)
    if len({at for at, _, _, _ in known}) < LEAST or freedom < 1 or not moves:
        return None
    side = direction(lines[0][0].definition)
    if not side:
        return None
    from scipy.special import stdtr  # noqa: PLC0415 - a second that only its callers should cost

    t, line, y, w = np.array(known, dtype=np.float64).T
    for level in levels:
        own = line == level
        t[own] -= np.average(t[own], weights=w[own])
        y[own] -= np.average(y[own], weights=w[own])
    spread = float(np.sum(w * t * t))
    per_month = float(np.sum(w * t * y)) / spread
    scatter = max(float(np.sum(w * (y - per_month * t) ** 2)) / freedom, sys.float_info.min)
    return Slope(per_month, float(stdtr(freedom, side * per_month / math.sqrt(scatter / spread))))


def together(ps: Sequence[float | None]) -> list[float | None]:
    """Return each probability with regard to how many there are; None stays None and counts not.

    Calling what is at most alpha, the falsely called are on average at most that share of all that
    are called; where nothing moves, anything at all is called with probability alpha at most.

    References:
        Benjamini & Hochberg, J. R. Stat. Soc. B 57 (1995) 289; for measures that rise and fall
        together: Benjamini & Yekutieli, Annals of Statistics 29 (2001) 1165.
    """
    ranked = sorted((p, at) for at, p in enumerate(ps) if p is not None)
    made: list[float | None] = [None] * len(ps)
    least = 1.0
    for rank in range(len(ranked), 0, -1):
        p, at = ranked[rank - 1]
        least = min(least, p * len(ranked) / rank)
        made[at] = least
    return made
