"""Run rules on a control chart: Western Electric 1-4 and Nelson 1-8, marked at their last point.

Conventions, because books differ: a point is beyond a limit when it is strictly outside it; a
rule marks the point that completes its pattern, never an earlier one, so that a later point can
not change what was said of an earlier; in "k of m beyond" the marked point is itself beyond.
Western Electric 4 takes eight points on one side, Nelson 2 nine, Nelson 3 six points rising or
falling, Nelson 4 fourteen alternating.

References:
    Western Electric Company, Statistical Quality Control Handbook (1956), pp. 23-28.
    L. S. Nelson, The Shewhart Control Chart - Tests for Special Causes, Journal of Quality
    Technology 16(4), 1984, 237-239. ISO 7870-2:2023. Checked against R's qcc 3.0.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

_Floats: TypeAlias = "NDArray[np.float64]"
_Flags: TypeAlias = "NDArray[np.bool_]"

RULES: Mapping[str, str] = MappingProxyType(
    {
        "western-electric-1": "One point beyond three sigma.",
        "western-electric-2": "Two of three points beyond two sigma on the same side.",
        "western-electric-3": "Four of five points beyond one sigma on the same side.",
        "western-electric-4": "Eight points in a row on the same side of the centre line.",
        "nelson-1": "One point beyond three sigma.",
        "nelson-2": "Nine points in a row on the same side of the centre line.",
        "nelson-3": "Six points in a row, each above (or each below) the one before.",
        "nelson-4": "Fourteen points in a row, going up and down in turn.",
        "nelson-5": "Two of three points beyond two sigma on the same side.",
        "nelson-6": "Four of five points beyond one sigma on the same side.",
        "nelson-7": "Fifteen points in a row within one sigma: less spread than the limits say.",
        "nelson-8": "Eight points in a row beyond one sigma, on both sides: two populations.",
    }
)
"""Every rule by its stable name, in a sentence."""

WESTERN_ELECTRIC = tuple(name for name in RULES if name.startswith("western-electric"))
NELSON = tuple(name for name in RULES if name.startswith("nelson"))


def violations(
    values: Sequence[float], centre: float, sigma: float, rules: Sequence[str] = NELSON
) -> dict[str, tuple[int, ...]]:
    """Return the positions at which each rule completes its pattern.

    Args:
        values: Finite values in time order, all of one unit.
        centre: The centre line, in the same unit.
        sigma: Standard deviation of a plotted point, in the same unit; with 0 any value other
            than the centre counts as infinitely far from it, and the rules about spread (7, 8)
            are silent.
        rules: Names of `RULES`.

    Returns:
        For each rule the positions in `values`, from 0, ascending.

    References:
        See the module's.
    """
    raw = np.asarray(values, dtype=np.float64)
    scores = _scores(raw, centre, sigma)
    return {rule: tuple(np.flatnonzero(_mark(rule, raw, scores, sigma)).tolist()) for rule in rules}


def _scores(raw: _Floats, centre: float, sigma: float) -> _Floats:
    if sigma > 0:
        return np.asarray((raw - centre) / sigma, dtype=np.float64)
    return np.where(raw == centre, 0.0, np.copysign(np.inf, raw - centre))


def _mark(rule: str, raw: _Floats, scores: _Floats, sigma: float) -> _Flags:
    if rule in {"nelson-3", "nelson-4"}:
        steps = np.sign(np.diff(raw))
        return _six_rising_or_falling(steps) if rule == "nelson-3" else _alternating(steps)
    if rule in {"nelson-7", "nelson-8"} and sigma <= 0:
        return np.zeros(scores.shape, dtype=np.bool_)
    return _BY_DISTANCE[rule](scores)


def _both_sides(scores: _Floats, distance: float, least: int, window: int) -> _Flags:
    return _k_of_m(scores > distance, least, window) | _k_of_m(scores < -distance, least, window)


def _k_of_m(beyond: _Flags, least: int, window: int) -> _Flags:
    """Mark each point beyond that has `least` beyond among the `window` points ending at it.

    A window that is not full yet counts as well: two beyond of the first two are two of three.
    """
    counts = np.concatenate(([0], np.cumsum(beyond)))
    starts = np.maximum(np.arange(1, counts.size) - window, 0)
    return beyond & (counts[1:] - counts[starts] >= least)


def _six_rising_or_falling(steps: _Floats) -> _Flags:
    marks = _k_of_m(steps > 0, 5, 5) | _k_of_m(steps < 0, 5, 5)
    return np.concatenate((np.zeros(1, dtype=np.bool_), marks))[: steps.size + 1]


def _alternating(steps: _Floats) -> _Flags:
    turns = steps[1:] * steps[:-1] < 0
    lead = np.zeros(min(2, steps.size + 1), dtype=np.bool_)
    return np.concatenate((lead, _k_of_m(turns, 12, 12)))


_BY_DISTANCE: Mapping[str, Callable[[_Floats], _Flags]] = MappingProxyType(
    {
        "western-electric-1": lambda z: _both_sides(z, 3, 1, 1),
        "western-electric-2": lambda z: _both_sides(z, 2, 2, 3),
        "western-electric-3": lambda z: _both_sides(z, 1, 4, 5),
        "western-electric-4": lambda z: _both_sides(z, 0, 8, 8),
        "nelson-1": lambda z: _both_sides(z, 3, 1, 1),
        "nelson-2": lambda z: _both_sides(z, 0, 9, 9),
        "nelson-5": lambda z: _both_sides(z, 2, 2, 3),
        "nelson-6": lambda z: _both_sides(z, 1, 4, 5),
        "nelson-7": lambda z: _k_of_m(np.abs(z) < 1, 15, 15),
        "nelson-8": lambda z: _k_of_m(np.abs(z) > 1, 8, 8),
    }
)
