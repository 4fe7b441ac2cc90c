"""A value against its limits: the geometry of the bar under an entry."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from daytwo.doors.web.formats import number, unit_sign

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH = 600.0
_MARGIN = Decimal("0.15")
"""Room outside the outermost limits, as a share of their span."""
_CHARACTER = 7.8
"""Width of one character of a label in px, generous."""
_ROWS = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a value, each None where there is none, all in one unit."""

    unit: str
    low_action: Decimal | None = None
    low_alert: Decimal | None = None
    target: Decimal | None = None
    high_alert: Decimal | None = None
    high_action: Decimal | None = None

    def verdict(self, value: Decimal) -> str:
        """Return `action`, `alert` or an empty text for a value inside; limits themselves pass."""
        if _outside(value, self.low_action, self.high_action):
            return "action"
        return "alert" if _outside(value, self.low_alert, self.high_alert) else ""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the bar: `action`, `alert` or plain."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A limit with its label, or the value itself."""

    x: float
    text: str
    kind: str = ""
    anchor: str = "middle"
    row: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """Ready coordinates in px on a bar 600 wide, and the same in words."""

    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    marker: Mark | None
    words: str


def bar(limits: Limits, value: Decimal | None = None) -> Bar | None:
    """Place limits and value on a bar, or return None when there are no limits.

    Args:
        limits: The limits, in the unit of the value.
        value: The value entered, or None before the entry.
    """
    named = _named(limits)
    if not named:
        return None
    known = [at for _kind, _word, at in named]
    span = (max(known) - min(known)) or abs(known[0]) or Decimal(1)
    low, high = min(known) - span * _MARGIN, max(known) + span * _MARGIN

    def place(at: Decimal) -> float:
        share = float((min(max(at, low), high) - low) / (high - low))
        return round(8 + share * WIDTH, 1)

    marks = _spread([Mark(place(at), f"{number(at)} {word}", kind) for kind, word, at in named])
    marker = None
    if value is not None:
        text = f"{number(value)} {unit_sign(limits.unit)}".strip()
        marker = Mark(place(value), text, limits.verdict(value), _anchor(place(value), text))
    return Bar(_bands(limits, place, low, high), marks, marker, words(limits, value))


def words(limits: Limits, value: Decimal | None) -> str:
    """Return the limits, and where the value lies, as a sentence."""
    unit = unit_sign(limits.unit)
    parts = [" ".join(filter(None, (number(at), unit, word))) for _kind, word, at in _named(limits)]
    said = _("Limits: %(limits)s.") % {"limits": ", ".join(parts)}
    if value is None:
        return said
    places = {
        "action": _("outside the action limits"),
        "alert": _("outside the alert limits, inside the action limits"),
        "": _("inside the limits"),
    }
    shown = f"{number(value)} {unit}".strip()
    return f"{shown}: {places[limits.verdict(value)]}. {said}"


def _named(limits: Limits) -> list[tuple[str, str, Decimal]]:
    pairs = (
        ("action", _("action"), limits.low_action),
        ("alert", _("alert"), limits.low_alert),
        ("", _("target"), limits.target),
        ("alert", _("alert"), limits.high_alert),
        ("action", _("action"), limits.high_action),
    )
    return [(kind, word, at) for kind, word, at in pairs if at is not None]


def _outside(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


def _bands(
    limits: Limits, at: Callable[[Decimal], float], low: Decimal, high: Decimal
) -> tuple[Band, ...]:
    """Return the stretches between the limits, action outermost."""
    stretches = [
        ("action", low, limits.low_action),
        ("alert", low if limits.low_action is None else limits.low_action, limits.low_alert),
        ("alert", limits.high_alert, high if limits.high_action is None else limits.high_action),
        ("action", limits.high_action, high),
    ]
    coloured = [
        Band(kind, at(start), round(at(end) - at(start), 1))
        for kind, start, end in stretches
        if start is not None and end is not None and end > start
    ]
    return (Band("", at(low), round(at(high) - at(low), 1)), *coloured)


def _spread(marks: list[Mark]) -> tuple[Mark, ...]:
    """Put a label that would run into its neighbour on the second row."""
    ends = [float("-inf")] * _ROWS
    placed = []
    for mark in marks:
        half = len(mark.text) * _CHARACTER / 2
        row = 0 if mark.x - half > ends[0] else 1
        ends[row] = mark.x + half
        placed.append(Mark(mark.x, mark.text, mark.kind, _anchor(mark.x, mark.text), row))
    return tuple(placed)


def _anchor(x: float, text: str) -> str:
    half = len(text) * _CHARACTER / 2
    if x - half < 0:
        return "start"
    return "end" if x + half > WIDTH + 16 else "middle"
