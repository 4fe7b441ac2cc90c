"""An upright scale with known ends, so that it is known in px where a label comes to stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_STEPS_ACROSS = 10
"""The ends lie on one of about so many steps."""
_NEAR = 0.35
"""Values that come below this share of the largest are near zero, and the axis shows it."""
_STEPS = (1.0, 2.0, 5.0, 10.0)
LINE = 16
"""Height of a line of words, px."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From which value to which, and over how many px."""

    low: float
    high: float
    height: int

    def place(self, value: float) -> float:
        """Return how far above the bottom a value lies, px."""
        return (value - self.low) / (self.high - self.low) * self.height

    @property
    def domain(self) -> list[float]:
        """The ends as Vega-Lite takes them."""
        return [self.low, self.high]


def scale(shown: Iterable[float], height: int) -> Scale:
    """Return a scale of round ends: from zero where the values come near it, else around them.

    Args:
        shown: Everything that must lie inside.
        height: Height of the plot in px.
    """
    values = list(shown) or [0.0]
    low, high = min(values), max(values)
    if low == high == 0:
        high = 1.0
    elif 0 <= low < _NEAR * high:
        low = 0.0
    else:
        room = 0.05 * ((high - low) or abs(high) or 1.0)
        low, high = low - room, high + room
    step = _step((high - low) / _STEPS_ACROSS)
    return Scale(math.floor(low / step) * step, math.ceil(high / step) * step, height)


def apart(places: Iterable[float]) -> list[float]:
    """Return how far each line of words moves up, px, so that none runs into the one below.

    Args:
        places: Where they belong, px above the bottom, the lowest first.
    """
    moved, last = [], float("-inf")
    for place in places:
        stands = max(place, last + LINE)
        moved.append(stands - place)
        last = stands
    return moved


def _step(rough: float) -> float:
    """Return the round step that comes next above."""
    ten = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    return next(step * ten for step in _STEPS if rough <= step * ten * (1 + 1e-9))
