"""The one clock of the process, and the one spelling of a moment."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NewType

from daytwo.kernel.errors import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Day = NewType("Day", str)
"""A day of the site's calendar, `YYYY-MM-DD`: what is due or promised by it has no hour."""


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """Return the present moment, UTC-aware, in microseconds.

    Raises:
        Fault: `clock.naive` when a source given to `clock_set` answers without a time zone.
    """
    moment = _source()
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise Fault("clock.naive", "The clock's source gives a time without a zone.")
    return moment.astimezone(UTC)


@contextmanager
def clock_set(source: Callable[[], datetime]) -> Iterator[None]:
    """Replace the clock of the whole process, all threads, for a test or a simulation.

    Args:
        source: Gives an aware `datetime` at each call. Nested settings end in reverse order.
    """
    global _source  # noqa: PLW0603 - one process, one clock: server threads must see it too
    before = _source
    _source = source
    try:
        yield
    finally:
        _source = before


def stamp(moment: datetime) -> str:
    """Write a moment as `YYYY-MM-DDTHH:MM:SS.ffffffZ`; text order is then time order.

    Raises:
        Refused: `clock.naive` without a time zone; `clock.range` when its UTC has no four-digit
            year.
    """
    if moment.utcoffset() is None:
        raise Refused(
            "clock.naive",
            f"The time {moment.isoformat()} has no time zone. Nothing was kept; say which zone.",
        )
    try:
        universal = moment.astimezone(UTC)
    except OverflowError as error:
        raise Refused(
            "clock.range",
            f"The time {moment.isoformat()} lies outside the years 0001 to 9999 in UTC.",
        ) from error
    return universal.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant(text: str) -> datetime:
    """Read back exactly what `stamp` writes, and no other spelling.

    Raises:
        Refused: `clock.format` for any other text, so that one moment has one spelling.
    """
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        if stamp(moment) == text:
            return moment
    except (TypeError, ValueError):
        pass
    raise Refused(
        "clock.format",
        f"{text!r} is not a moment written as YYYY-MM-DDTHH:MM:SS.ffffffZ.",
        {"text": text},
    )


def day(text: str) -> Day:
    """Return a day written by ISO 8601, in the one spelling `YYYY-MM-DD`.

    Raises:
        Refused: `clock.day` for any other text, and for no day of the calendar.
    """
    try:
        return Day(date.fromisoformat(text).isoformat())
    except ValueError:
        words = f"{text[:60]!r} is not a day of the calendar written as YYYY-MM-DD."
        raise Refused("clock.day", words) from None
