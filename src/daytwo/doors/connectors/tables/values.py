"""Cells read as what the mapping declares: text, exact numbers, dates of stated precision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from daytwo.kernel.clock import Day, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

LONGEST_TEXT = 4_000
"""Characters of a cell."""

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,60}(?:\.[0-9]{0,60})?|\.[0-9]{1,60})(?:[eE][+-]?[0-9]{1,2})?"
)
_MOST_PLACES = 60
ISO = "ISO"
"""The form of a date column that is written by ISO 8601."""

_ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?:[T ]"
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]+))?)?"
    r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?)?"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TOKENS = re.compile(r"YYYY|MON|YY|MM|DD|HH|mm|ss|SSS")
_LADDER = ("YYYY", "MM", "DD", "HH", "mm", "ss", "SSS")
_PATTERNS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<year>[0-9]{2})",
    "MON": r"(?P<name>[^\W\d_]+)",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "HH": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
    "SSS": r"(?P<fraction>[0-9]{1,9})",
}


class Unreadable(Exception):  # noqa: N818 - what the cell is
    """A cell does not hold what the mapping declares; the text says why."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as precise as the source gives it.

    Attributes:
        text: ISO 8601: `2018-11` or `2018-11-05`, or for an instant canonical UTC.
        precision: `month`, `day` or `instant`.
        starts: UTC start of that month or day in the mapping's time zone, or the instant.
        day: As the source writes it; None for a month.
    """

    text: str
    precision: str
    starts: datetime
    day: Day | None = None


Value: TypeAlias = "str | Decimal | Moment"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that could be read.

    Attributes:
        text: As written, trimmed; a number with `.` as its mark and no thousands marks.
        value: What it stands for.
    """

    text: str
    value: Value


def read_text(text: str) -> Cell:
    """Return a text cell.

    Raises:
        Unreadable: It is overlong.
    """
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"is longer than {LONGEST_TEXT} characters")
    return Cell(text, text)


def number_reader(decimal: str, thousands: str) -> Callable[[str], Cell]:
    """Return a reader of exact numbers.

    Args:
        decimal: The decimal mark.
        thousands: Mark between groups of three digits; empty for none.
    """
    grouped = re.compile(rf"[+-]?[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+(?![0-9])")

    def read(text: str) -> Cell:
        plain = text
        if thousands and thousands in plain:
            if not grouped.match(plain):
                raise Unreadable(f"{_shown(text)} has a thousands mark where none belongs")
            plain = plain.replace(thousands, "")
        if decimal != ".":
            if "." in plain:
                raise Unreadable(f"{_shown(text)} has a point; the decimal mark is {decimal!r}")
            plain = plain.replace(decimal, ".")
        if not _NUMBER.fullmatch(plain):
            hint = " (is the decimal mark declared right?)" if re.search(r"\d[.,]\d", text) else ""
            raise Unreadable(f"{_shown(text)} is not a number{hint}")
        value = Decimal(plain)
        if value and abs(value.adjusted()) > _MOST_PLACES:
            raise Unreadable(f"{_shown(text)} is too large or too small to be a measurement")
        return Cell(plain, value)

    return read


def integer_reader(decimal: str, thousands: str) -> Callable[[str], Cell]:
    """Return a reader of whole numbers, written without a fraction."""
    number = number_reader(decimal, thousands)

    def read(text: str) -> Cell:
        cell = number(text)
        if not cell.text.lstrip("+-").isdigit():
            raise Unreadable(f"{_shown(text)} is not a whole number")
        return cell

    return read


def moment_reader(
    form: str, months: Mapping[str, str], zone: ZoneInfo, century: int
) -> Callable[[str], Cell]:
    """Return a reader of dates.

    Args:
        form: Tokens YYYY YY MM MON DD HH mm ss SSS among literal text, such as `MON.YY`.
        months: Month names (any case) to the numbers 1 to 12, for MON.
        zone: Time zone of the source.
        century: Added to a two-digit year.
    """
    names = {name.casefold(): int(number) for name, number in months.items()}
    pattern = re.compile(form_pattern(form))

    def read(text: str) -> Cell:
        match = pattern.fullmatch(text)
        if match is None:
            raise Unreadable(f"{_shown(text)} is not of the form {form}")
        parts = match.groupdict()
        month = parts.get("month")
        if parts.get("name") is not None:
            known = names.get(parts["name"].casefold())
            if known is None:
                raise Unreadable(f"{parts['name'][:40]!r} is not a month: {', '.join(months)}")
            month = str(known)
        year = int(parts["year"]) + (century if len(parts["year"]) == len("YY") else 0)
        return Cell(text, _moment(year, int(month or "1"), parts, zone, text))

    return read


def iso_reader(zone: ZoneInfo) -> Callable[[str], Cell]:
    """Return a reader of ISO 8601: a month, a day, or an instant with seconds and fraction or not.

    Args:
        zone: Time zone of instants that state no offset of their own.

    References:
        ISO 8601-1:2019, calendar dates in extended form; XML Schema part 2, `dateTime`.
    """

    def read(text: str) -> Cell:
        match = _ISO.fullmatch(text)
        if match is None:
            raise Unreadable(f"{_shown(text)} is not of ISO 8601, such as 2024-05-31T14:30:00Z")
        parts = match.groupdict()
        return Cell(text, _moment(int(parts["year"]), int(parts["month"]), parts, zone, text))

    return read


def form_pattern(form: str) -> str:
    """Return the regular expression of a date form.

    Raises:
        ValueError: Year or month is missing, a token comes twice, or a finer token stands
            without the coarser one.
    """
    coarse = {"YY": "YYYY", "MON": "MM"}
    fields = [coarse.get(token, token) for token in _TOKENS.findall(form)]
    needed = _LADDER[: max(len(fields), 2)]
    if sorted(fields) != sorted(needed):
        message = (
            f"{form!r} needs YYYY or YY, and MM or MON; then DD, HH, mm, ss, SSS without a gap"
        )
        raise ValueError(message)
    parts, at = [], 0
    for token in _TOKENS.finditer(form):
        parts += [re.escape(form[at : token.start()]), _PATTERNS[token[0]]]
        at = token.end()
    return "".join([*parts, re.escape(form[at:])])


def mapped(read: Callable[[str], Cell], values: Mapping[str, str]) -> Callable[[str], Cell]:
    """Return a reader that first replaces a source value by what the value map says."""

    def replace(text: str) -> Cell:
        if text not in values:
            known = ", ".join(list(values)[:20])
            raise Unreadable(f"{_shown(text)} is not in the value map ({known})")
        return read(values[text])

    return replace


def clean(raw: str) -> str:
    """Return a cell without surrounding white space.

    Raises:
        Unreadable: It holds a control character, such as NUL.
    """
    text = raw.strip(" \t\n\r\xa0\ufeff")
    if found := _CONTROL.search(text):
        raise Unreadable(f"holds the control character 0x{ord(found[0]):02X}")
    return text


def _moment(
    year: int, month: int, parts: Mapping[str, str | None], zone: ZoneInfo, text: str
) -> Moment:
    day, hour = parts.get("day"), parts.get("hour")
    try:
        local = datetime(
            year,
            month,
            int(day or 1),
            int(hour or 0),
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
            int((parts.get("fraction") or "0").ljust(6, "0")[:6]),
            tzinfo=_offset(parts.get("offset")) or zone,
        )
        starts = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(f"{_shown(text)} is no date of the calendar") from None
    written = Day(local.date().isoformat())
    if parts.get("offset"):
        return Moment(stamp(starts), "instant", starts, written)
    if hour is not None:
        if starts.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise Unreadable(f"{_shown(text)} was skipped by the clock change in {zone.key}")
        if local.replace(fold=1).utcoffset() != local.utcoffset():
            raise Unreadable(f"{_shown(text)} came twice at the clock change in {zone.key}")
        return Moment(stamp(starts), "instant", starts, written)
    if starts + timedelta(days=1) > datetime(9999, 12, 30, tzinfo=UTC):
        raise Unreadable(f"{_shown(text)} is no date of a plant")
    if day is not None:
        return Moment(written, "day", starts, written)
    return Moment(f"{year:04}-{month:02}", "month", starts)


def _offset(text: str | None) -> timezone | None:
    """Return the zone that an offset means; None without one. Raises ValueError beyond a day."""
    if not text:
        return None
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")  # noqa: PLR2004 - fits a line
