"""Where a series moved to another level: Pettitt's test, applied again to each side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEAST = 5
"""Values on each side below which no change is looked for."""
ALPHA = 0.01
"""Probability of calling a change where there is none, for one test."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of level.

    Attributes:
        index: Position of the first value of the new level, from 0, missing values counted.
        before: Median of the level before, in the series' unit.
        after: Median of the level after.
        p: Pettitt's approximate two-sided probability.
    """

    index: int
    before: float
    after: float
    p: float


def change_points(
    values: Sequence[float | None], alpha: float = ALPHA, least: int = LEAST
) -> tuple[Change, ...]:
    """Return the changes of level of a series, in time order; a view back, not a warning.

    Ranks only: neither an outlier nor a skewed distribution makes a change.

    Args:
        values: In time order, of one unit; None where one is missing.
        alpha: For each test.
        least: Fewest values of a level.

    References:
        A. N. Pettitt, A non-parametric approach to the change-point problem, Applied Statistics
        28 (1979) 126; binary segmentation: Scott & Knott, Biometrics 30 (1974) 507.
    """
    kept = [(i, value) for i, value in enumerate(values) if value is not None]
    series = np.array([value for _, value in kept], dtype=np.float64)
    splits = sorted(_splits(series, 0, alpha, least))
    edges = [0, *(at for at, _ in splits), series.size]
    return tuple(
        Change(
            kept[at][0],
            float(np.median(series[edges[n] : at])),
            float(np.median(series[at : edges[n + 2]])),
            p,
        )
        for n, (at, p) in enumerate(splits)
    )


def pettitt(series: NDArray[np.float64], least: int = LEAST) -> tuple[int, float]:
    """Return where a series changes most, as the first position after it, and Pettitt's p."""
    n = series.size
    signs = np.sign(series[:, None] - series[None, :]).sum(axis=1)
    u = np.abs(np.cumsum(signs))[:-1]
    inner = u[least - 1 : n - least]
    at = int(np.argmax(inner)) + least
    k = float(inner[at - least])
    return at, min(1.0, 2 * math.exp(-6 * k * k / (n**3 + n**2)))


def _splits(
    series: NDArray[np.float64], offset: int, alpha: float, least: int
) -> list[tuple[int, float]]:
    if series.size < 2 * least:
        return []
    at, p = pettitt(series, least)
    if p >= alpha:
        return []
    return [
        *_splits(series[:at], offset, alpha, least),
        (offset + at, p),
        *_splits(series[at:], offset + at, alpha, least),
    ]
