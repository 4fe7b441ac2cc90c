"""Days, weeks and months of the site: as spans for people, and as columns for any engine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from daytwo.insight.kpis.subjects import DAY_US, HOUR_US
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import IntegerValue, StringValue

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS = (2000, 2045)
"""Before and after them a zone has the offset that it had then."""
_DAY_ZERO = _EPOCH.date()
_MONDAY = 3
"""Days of its week before the first of January 1970, a Thursday."""
SPANS = ("day", "week", "month", "quarter", "year")


def us(at: datetime) -> int:
    """Return a time as microseconds UTC."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def at(instant_us: int, zone: str = "UTC") -> datetime:
    """Return microseconds UTC as a time of the zone."""
    return (_EPOCH + timedelta(microseconds=instant_us)).astimezone(ZoneInfo(zone))


def start_of(day: date, zone: str) -> int:
    """Return the first instant of a day of the zone, microseconds UTC."""
    return us(datetime.combine(day, time(), ZoneInfo(zone)))


def first_day(day: date, span: str) -> date:
    """Return the first day of the span that a day lies in; weeks start on Monday (ISO 8601)."""
    if span == "day":
        return day
    if span == "week":
        return day - timedelta(days=day.weekday())
    if span == "month":
        return day.replace(day=1)
    if span == "quarter":
        return day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
    if span == "year":
        return day.replace(day=1, month=1)
    raise Refused("kpi.span", f"A trend goes by {', '.join(SPANS)}, not by {span!r}.")


def next_first_day(day: date, span: str) -> date:
    """Return the first day of the span after the one that a day lies in."""
    longest = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
    return first_day(first_day(day, span) + timedelta(days=longest[span]), span)


def name_of(day: date, span: str) -> str:
    """Return what people call a span, such as `2026-W07` or `2026-02`."""
    if span == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    if span == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return {"day": day.isoformat(), "month": f"{day:%Y-%m}", "year": f"{day:%Y}"}[span]


def edges(since_us: int, until_us: int, span: str, zone: str) -> list[tuple[str, int]]:
    """Return name and first instant of each span from one time to another, in order."""
    day = first_day(at(since_us, zone).date(), span)
    found = []
    while (start := start_of(day, zone)) < until_us:
        found.append((name_of(day, span), start))
        day = next_first_day(day, span)
    return found


def index(column: IntegerValue, starts: Sequence[int]) -> Any:
    """Return the column of the last start at or before a time, on every engine.

    Spans of one length after each other are counted by a division, the others are told apart by
    nested halves: five years of weeks are two dozen pieces, as summer time makes a week longer or
    shorter twice a year.

    Args:
        column: Microseconds UTC.
        starts: Ascending; not empty.

    Returns:
        Position in `starts`; what lies before the first is in the first.
    """
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    pieces = _pieces(starts)

    def within(low: int, high: int) -> Any:
        if high - low == 1:
            place, length = pieces[low]
            if not length:
                return ibis.literal(place, "int64")
            return (column - starts[place]) // length + place
        middle = (low + high) // 2
        edge = starts[pieces[middle][0]]
        return ibis.ifelse(column < edge, within(low, middle), within(middle, high))

    return within(0, len(pieces))


def _pieces(starts: Sequence[int]) -> list[tuple[int, int]]:
    """Return from which position on spans have which length; 0 for one span alone."""
    # What lies before the first start is in the first span, so that one stands alone.
    pieces, place, last = [(0, 0)], 1, len(starts) - 1
    while place <= last:
        end = place
        while end < last and starts[end + 1] - starts[end] == starts[place + 1] - starts[place]:
            end += 1
        alone = end - place <= 1
        pieces.append((place, 0 if alone else starts[place + 1] - starts[place]))
        place = place + 1 if alone else end
    return pieces


@lru_cache(maxsize=32)
def _offsets(zone: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return when the zone's offset from UTC changes, and the offsets, microseconds."""
    info = ZoneInfo(zone)
    starts, offsets = [0], [0]
    first, last = (us(datetime(year, 1, 1, tzinfo=UTC)) for year in _YEARS)
    for hour in range(first, last, HOUR_US):
        if hour % DAY_US and starts[-1]:
            continue
        offset = at(hour).astimezone(info).utcoffset() or timedelta()
        offset_us = offset // timedelta(microseconds=1)
        if offset_us != offsets[-1] or not starts[-1]:
            starts.append(_change(info, hour, offset_us) if starts[-1] else hour)
            offsets.append(offset_us)
    return tuple(starts[1:]), tuple(offsets[1:])


def _change(info: ZoneInfo, seen: int, offset_us: int) -> int:
    """Return the quarter of an hour at which an offset began that was seen at a time."""
    start = seen
    while (at(start - HOUR_US // 4).astimezone(info).utcoffset() or timedelta()) == timedelta(
        microseconds=offset_us
    ):
        start -= HOUR_US // 4
    return start


def local_day(column: IntegerValue, zone: str) -> Any:
    """Return the column of the site's day of a time, as days since 1970-01-01."""
    return local(column, zone) // DAY_US


def local(column: IntegerValue, zone: str) -> Any:
    """Return the column of what the clock on the site's wall shows, microseconds since 1970."""
    import ibis  # noqa: PLC0415 - see index

    starts, offsets = _offsets(zone)

    def offset(low: int, high: int) -> Any:
        if high - low == 1:
            return ibis.literal(offsets[low], "int64")
        middle = (low + high) // 2
        return ibis.ifelse(column < starts[middle], offset(low, middle), offset(middle, high))

    return column + offset(0, len(starts))


def number(column: IntegerValue, span: str, zone: str) -> Any:
    """Return the column of the number of the span that a time lies in; `numbered` tells which.

    Args:
        column: Microseconds UTC.
        span: One of `SPANS`.
        zone: IANA zone of the site.
    """
    day = local_day(column, zone)
    if span == "day":
        return day
    if span == "week":
        return (day + _MONDAY) // 7
    months = _month(day)
    return months if span == "month" else months // {"quarter": 3, "year": 12}[span]


@lru_cache(maxsize=16_384)
def numbered(span_number: int, span: str, zone: str) -> tuple[str, int, int]:
    """Return a span's name, its first instant and the first instant after it."""
    if span == "day":
        day = _DAY_ZERO + timedelta(days=span_number)
    elif span == "week":
        day = _DAY_ZERO + timedelta(days=7 * span_number - _MONDAY)
    else:
        months = span_number * {"month": 1, "quarter": 3, "year": 12}[span]
        day = date(months // 12, months % 12 + 1, 1)
    return name_of(day, span), start_of(day, zone), start_of(next_first_day(day, span), zone)


def _month(day: Any) -> Any:
    """Return the column of months since the year 0 of days since 1970-01-01.

    Whole numbers only, as in `written_day`, and the day in few places: where it stands the engine
    computes it.

    References:
        Neri & Schneider, Euclidean affine functions and their application to calendar algorithms,
        Software: Practice and Experience 53 (2023) 937, figure 12.
    """
    quarters = 4 * (day + 719_468) + 3
    century = quarters // 146_097
    scaled = 2_939_745 * (quarters % 146_097 // 4 * 4 + 3)
    year = scaled // 2**32
    of_year = scaled % 2**32 // 2_939_745 // 4
    # Years begin in March here: months go from 3 to 14.
    return (100 * century + year) * 12 + (2_141 * of_year + 197_913) // 65_536 - 1


def written_day(text: StringValue) -> Any:
    """Return the column of a day written `YYYY-MM-DD`, as days since 1970-01-01.

    By the engine's own calendar, which is the Gregorian one (ISO 8601) in all; NULL stays NULL.
    The facts hold days of the calendar only, so an engine finds no other text here.
    """
    import ibis  # noqa: PLC0415 - see index

    return text.cast("date").delta(ibis.date(1970, 1, 1), unit="day")
