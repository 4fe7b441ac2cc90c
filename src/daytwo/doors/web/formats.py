"""How values are written for people: units, zones, and `unknown` for what nobody knows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
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
NO_BREAK = "\u00a0"
EN_DASH = "\u2013"
MINUS = "\u2212"
_WORD = 4
"""A unit longer than this is a word and stands a whole space away."""
_GROUPED_FROM = 5
"""Digits from which thousands are set apart; four digits read well without (ISO 80000-1, 7.3)."""

_UNIT_SIGNS = {
    "1": "",
    "Cel": "\u00b0C",
    "ug": "\u00b5g",
    "uL": "\u00b5L",
    "um": "\u00b5m",
    "N.m": "N\u00b7m",
    "tab": "tablets",
}

_THOUSAND = 1000
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


class Measured(Protocol):
    """What a quantity shows of itself: the entered decimal and its unit."""

    @property
    def value(self) -> Decimal: ...

    @property
    def unit(self) -> str: ...


class Begun(Protocol):
    """What a batch shows of its beginning: a moment, a day or a month, and which of these."""

    started_at: str | None
    started_precision: str


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
    return amount(value.value, value.unit)


def amount(value: Decimal | str | None, unit: str) -> str | Markup:
    """Return a value as the record spells it with its unit; a text that is no number stays."""
    if value is None or value == "":
        return unknown()
    if isinstance(value, str):
        try:
            value = Decimal(value)
        except InvalidOperation:
            return f"{value} {unit_sign(unit)}".rstrip()
    sign = unit_sign(unit)
    gap = NO_BREAK if len(sign) > _WORD else NARROW
    return f"{number(value)}{gap}{sign}" if sign else number(value)


def interval(low: float | None, high: float | None, places: int = 1) -> str | Markup:
    """Return an interval as `8.7-10.1` with an en dash, `unknown` when an end is missing."""
    if low is None or high is None:
        return unknown()
    joint = f" {EN_DASH} " if low < 0 or high < 0 else EN_DASH
    return f"{number(low, places)}{joint}{number(high, places)}"


def when(moment: datetime | str | None, style: str = "minute", zone: str = "") -> Markup:
    """Return a moment in the site's zone, with UTC for machines and on hover.

    Args:
        moment: A zone-aware moment, or one as the record spells it.
        style: `day`, `short` (without the present year, for lists), `minute`, `second`, `clock`
            (hours and minutes only) or `full` (seconds and zone, for signatures and print).
        zone: Another zone than the site's, such as the one that a signature was given in.
    """
    if moment is None:
        return unknown()
    if isinstance(moment, str):
        moment = clock.instant(moment)
    local = moment.astimezone(ZoneInfo(zone) if zone else site_zone())
    universal = moment.astimezone(UTC)
    parts = "" if style in {"day", "clock"} else Markup(' class="parts"')
    return Markup('<time{} datetime="{}" title="{} UTC">{}</time>').format(
        parts,
        universal.strftime("%Y-%m-%dT%H:%M:%SZ"),
        universal.strftime("%Y-%m-%d %H:%M:%S"),
        written(local, style),
    )


def written(local: datetime, style: str = "minute") -> str:
    """Return a moment already in the site's zone as text in the reader's language."""
    patterns = {
        "day": "j M Y",
        "short": "j M, H:i" if local.year == clock.now().year else "j M Y, H:i",
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


def day(value: date | str | None) -> Markup:
    """Return a calendar day that has no time and no zone, such as an expiry date.

    Args:
        value: The day, or one as the record spells it (ISO).
    """
    if value is None or value == "":
        return unknown()
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return escape(value)
    return Markup('<time datetime="{}">{}</time>').format(
        value.isoformat(), formats.date_format(value, "j M Y")
    )


def span_words(label: str) -> str:
    """Return a week `2026-W47` or a month `2026-05` in words; anything else stays as it is."""
    year, _dash, part = label.partition("-")
    if not year.isdecimal() or not part.removeprefix("W").isdecimal():
        return label
    if part.startswith("W"):
        return _("week %(n)s of %(year)s") % {"n": int(part[1:]), "year": year}
    return formats.date_format(date(int(year), int(part), 1), "M Y")


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


def size(amount_of: int) -> str:
    """Return a number of bytes in the largest unit of a thousand that leaves a whole number."""
    units = ("B", "kB", "MB", "GB", "TB")
    value, place = float(amount_of), 0
    while value >= _THOUSAND and place < len(units) - 1:
        value, place = value / _THOUSAND, place + 1
    return f"{number(value, 0 if place == 0 else 1)}{NARROW}{units[place]}"


def short_hash(digest: str | None, length: int = 12) -> Markup:
    """Return the head of a hash, whole on hover and for a screen reader."""
    if not digest:
        return unknown()
    return Markup('<code class="hash" title="{}">{}</code>').format(digest, digest[:length])


def coded(text: str) -> Markup:
    """Return a text in which `words between backticks` are set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def joined(parts: Sequence[Any]) -> Markup:
    """Return parts set apart by a middle dot, leaving out those that are empty."""
    return Markup(" \u00b7 ").join(escape(part) for part in parts if part not in (None, ""))


def started(batch: Begun, style: str = "minute") -> Markup:
    """Return when a batch began, no more exactly than its source knows.

    Args:
        batch: The batch.
        style: As of `when`, where the minute is known.
    """
    text = batch.started_at
    if not text or batch.started_precision == "unknown":
        return unknown()
    if batch.started_precision == "instant":
        return when(text, style)
    at = clock.instant(text).astimezone(site_zone())
    if batch.started_precision == "month":
        return Markup('<time datetime="{:%Y-%m}">{}</time>').format(
            at, formats.date_format(at, "M Y")
        )
    return day(at.date())


def pairs(options: Sequence[str]) -> list[tuple[str, str]]:
    """Return options as (value, words) for a choice whose values are its words."""
    return [(option, option) for option in options]


def iso(text: str) -> datetime:
    """Return the moment of an ISO text with its offset."""
    return datetime.fromisoformat(text)


FILTERS = {
    "amount": amount,
    "bytes": size,
    "coded": coded,
    "day": day,
    "duration": duration,
    "interval": interval,
    "iso": iso,
    "joined": joined,
    "known": known,
    "number": number,
    "pairs": pairs,
    "quantity": quantity,
    "short_hash": short_hash,
    "started": started,
    "unit": unit_sign,
    "when": when,
}
