"""How values are written for people: units, zones, and `unknown` for what nobody knows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from daytwo.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

NARROW = "\u202f"
"""Narrow no-break space: between groups of thousands, and between a value and its unit."""
EN_DASH = "\u2013"
MINUS = "\u2212"
_GROUPED_FROM = 5
"""Digits from which thousands are set apart; four digits read well without (ISO 80000-1, 7.3)."""

_UNIT_SIGNS = {
    "1": "", "Cel": "\u00b0C", "ug": "\u00b5g", "uL": "\u00b5L", "um": "\u00b5m",
    "N.m": "N\u00b7m", "tab": "tablets",
}  # fmt: skip

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


class Measured(Protocol):
    """What a quantity shows of itself: the entered decimal and its unit."""

    @property
    def value(self) -> Decimal: ...

    @property
    def unit(self) -> str: ...


@cache
def site_zone() -> ZoneInfo:
    """Return the zone of the site, in which every time is shown."""
    return ZoneInfo(settings.SITE_TIME_ZONE)


def unknown() -> Markup:
    """Return the word for a value that nobody has: never an empty cell, never zero."""
    return Markup('<span class="unknown">{}</span>').format(_("unknown"))


def known(value: object) -> object:
    """Return the value itself, or `unknown` for None and for empty text."""
    return unknown() if value is None or value == "" else value


def unit_sign(unit: str) -> str:
    """Return how a unit is printed: `Cel` as degrees Celsius, the dimensionless one as nothing."""
    return _UNIT_SIGNS.get(unit, unit)


def number(value: Decimal | float | None, places: int | None = None) -> str | Markup:
    """Return a number with grouped thousands and a true minus sign.

    Args:
        value: The number; a Decimal keeps the digits it was entered with.
        places: Digits after the point; None leaves them as they are.
    """
    if value is None:
        return unknown()
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if places is not None:
        text = f"{value:.{places}f}"
    sign = MINUS if text.startswith("-") else ""
    whole, point, rest = text.lstrip("-").partition(".")
    if whole.isdigit() and len(whole) >= _GROUPED_FROM:
        whole = f"{int(whole):,}".replace(",", NARROW)
    return sign + whole + point + rest


def quantity(value: Measured | None) -> str | Markup:
    """Return a quantity with its unit, never without."""
    if value is None:
        return unknown()
    sign = unit_sign(value.unit)
    return f"{number(value.value)}{NARROW}{sign}" if sign else number(value.value)


def interval(low: float | None, high: float | None, places: int = 1) -> str | Markup:
    """Return an interval as `8.7-10.1` with an en dash, `unknown` when an end is missing."""
    if low is None or high is None:
        return unknown()
    joint = f" {EN_DASH} " if low < 0 or high < 0 else EN_DASH
    return f"{number(low, places)}{joint}{number(high, places)}"


def when(moment: datetime | str | None, style: str = "minute") -> Markup:
    """Return a moment in the site's zone, with UTC for machines and on hover.

    Args:
        moment: A zone-aware moment, or one as the record spells it.
        style: `day`, `minute`, `second`, `clock` (hours and minutes only) or `full`
            (seconds and zone, for signatures and print).
    """
    if moment is None:
        return unknown()
    if isinstance(moment, str):
        moment = clock.instant(moment)
    local = moment.astimezone(site_zone())
    universal = moment.astimezone(UTC)
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(
        universal.strftime("%Y-%m-%dT%H:%M:%SZ"),
        universal.strftime("%Y-%m-%d %H:%M:%S"),
        written(local, style),
    )


def written(local: datetime, style: str = "minute") -> str:
    """Return a moment already in the site's zone as text in the reader's language."""
    patterns = {
        "day": "j M Y",
        "minute": "j M Y, H:i",
        "second": "j M Y, H:i:s",
        "clock": "H:i",
        "full": "j M Y, H:i:s",
    }
    text = formats.date_format(local, patterns[style])
    if style == "full":
        offset = f"{local:%z}"
        text = f"{text} {local:%Z} (UTC{offset[:3]}:{offset[3:]})"
    return text


def day(value: date | None) -> Markup:
    """Return a calendar day that has no time and no zone, such as an expiry date."""
    if value is None:
        return unknown()
    return Markup('<time datetime="{}">{}</time>').format(
        value.isoformat(), formats.date_format(value, "j M Y")
    )


def duration(span: timedelta | float | None) -> str | Markup:
    """Return a span in its two largest parts: `3 d 4 h`, `42 min`, `18 s`.

    Args:
        span: A timedelta, or seconds.
    """
    if span is None:
        return unknown()
    seconds = round(span.total_seconds() if isinstance(span, timedelta) else span)
    sign = MINUS if seconds < 0 else ""
    seconds = abs(seconds)
    parts = (
        (seconds // _DAY, "d"),
        (seconds % _DAY // _HOUR, "h"),
        (seconds % _HOUR // _MINUTE, "min"),
        (seconds % _MINUTE, "s"),
    )
    first = next((i for i, (amount, _unit) in enumerate(parts) if amount), len(parts) - 1)
    shown = [parts[first], *[p for p in parts[first + 1 : first + 2] if p[0]]]
    return sign + " ".join(f"{amount}{NARROW}{unit}" for amount, unit in shown)


def short_hash(digest: str | None, length: int = 12) -> Markup:
    """Return the head of a hash, whole on hover and for a screen reader."""
    if not digest:
        return unknown()
    return Markup('<code class="hash" title="{}">{}</code>').format(digest, digest[:length])


def joined(parts: Sequence[Any]) -> Markup:
    """Return parts set apart by a middle dot, leaving out those that are empty."""
    return Markup(" \u00b7 ").join(escape(part) for part in parts if part not in (None, ""))


FILTERS = {
    "day": day,
    "duration": duration,
    "interval": interval,
    "joined": joined,
    "known": known,
    "number": number,
    "quantity": quantity,
    "short_hash": short_hash,
    "unit": unit_sign,
    "when": when,
}
