"""Values of Excel cells as texts: numbers without float noise, dates as ISO 8601."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

_WHOLE = re.compile(r"-?[0-9]+")
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]*")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]')
_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 37), *range(50, 59)), "date"),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "time"),
    22: "moment",
}
MOST_COLUMNS = 16_384
_BOGUS_DAY = 60  # 1900-02-29, which Excel counts and the calendar does not
_MOST_SERIAL = 2_958_466  # the day after 9999-12-31
_DIGITS = 15  # of a number that Excel keeps


class Unusable(Exception):  # noqa: N818 - what the cell is
    """A cell has no value that can be used; the text says why."""


def kind_of_format(number: int, code: str) -> str:
    """Tell what a number format shows: `date`, `time`, `moment`, or nothing for a number.

    Args:
        number: Its id.
        code: Its code where the workbook declares one; empty for a built-in one.

    References:
        ECMA-376 part 1, 18.8.30 (built-in ids) and 18.8.31 (codes).
    """
    if not code:
        return _BUILT_IN.get(number, "")
    letters = _QUOTED.sub("", code.split(";", maxsplit=1)[0].lower())
    if "general" in letters:
        return ""
    clock = bool(re.search("[hs]", letters))
    calendar = bool(re.search("[dy]", letters)) or ("m" in letters and not clock)
    if calendar:
        return "moment" if clock else "date"
    return "time" if clock else ""


def number_text(text: str) -> str:
    """Return a stored number as Excel means it: at most 15 digits, so 0.1 stays 0.1.

    Raises:
        Unusable: It is no number.
    """
    if _WHOLE.fullmatch(text):
        return text
    try:
        value = float(text)
    except ValueError:
        raise Unusable(f"holds {text[:40]!r} where the workbook promises a number") from None
    short = f"{value:.{_DIGITS}g}"
    if "e" not in short:
        return short
    plain = f"{Decimal(short):f}"
    return plain if len(plain) <= 30 else short  # noqa: PLR2004 - longer is no measurement


def moment_text(text: str, kind: str, *, from_1904: bool) -> str:
    """Return a stored date or time as ISO 8601 text.

    Args:
        text: The stored number of days.
        kind: As `kind_of_format` says.
        from_1904: True for a workbook that counts from 1904.

    Raises:
        Unusable: It is no number, or no date that Excel has.

    References:
        ECMA-376 part 1, 18.17.4 (dates and times).
    """
    days = Decimal(number_text(text))
    if not 0 <= days < _MOST_SERIAL:
        raise Unusable(f"holds {text[:40]}, which is no date of Excel")
    milliseconds = int((days * 86_400_000).to_integral_value())
    if kind == "time":
        seconds, rest = divmod(milliseconds, 1000)
        part = f".{rest:03}" if rest else ""
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{part}"
    if from_1904:
        base = datetime(1904, 1, 1)  # noqa: DTZ001 - a workbook's dates have no zone
    elif int(days) == _BOGUS_DAY:
        raise Unusable("holds the 29th of February 1900, a day that only Excel has")
    else:
        base = datetime(1899, 12, 31 if days < _BOGUS_DAY else 30)  # noqa: DTZ001 - the same
    moment = base + timedelta(milliseconds=milliseconds)
    if kind == "date" and milliseconds % 86_400_000 == 0:
        return moment.date().isoformat()
    exact = "milliseconds" if milliseconds % 1000 else "seconds"
    return moment.isoformat(timespec=exact)


def column_of(reference: str) -> int:
    """Return the column of a cell reference such as `AB12`, from 0.

    Raises:
        Unusable: It is none that Excel has.
    """
    match = _REFERENCE.fullmatch(reference)
    column = 0
    for letter in match[1] if match else "":
        column = column * 26 + ord(letter) - 64
    if not 0 < column <= MOST_COLUMNS:
        raise Unusable(f"has a cell at {reference[:20]!r}, which is no place of a sheet")
    return column - 1


def column_name(column: int) -> str:
    """Return the letters of a column, from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters
