"""The site's clock and week: when production runs, when offices are open, which shift it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800
PRODUCTION = ((6 * HOUR, 5 * DAY + 14 * HOUR),)
"""Open spans of a week in seconds after Monday 00:00: Monday 06:00 to Saturday 14:00."""

OFFICE = tuple((day * DAY + 8 * HOUR, day * DAY + 17 * HOUR) for day in range(5))
"""Monday to Friday, 08:00 to 17:00."""

SHIFT = 8 * HOUR
SUNDAY = 6
CHANGE_FROM, CHANGE_TO = 1 * HOUR, 4 * HOUR
"""Hours of a Sunday in which clocks are changed; nothing is dated into them."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whole seconds of the site's wall clock since the Monday on which the period starts.

    The simulation counts wall-clock seconds, so a duration over a change of clocks is an hour
    off in UTC; nothing happens in the hours that are skipped or doubled.
    """

    start: date
    zone: ZoneInfo

    def local(self, t: int) -> datetime:
        """Return the wall clock, without a zone, as files write it."""
        return datetime(self.start.year, self.start.month, self.start.day) + timedelta(seconds=t)  # noqa: DTZ001 - wall clock on purpose

    def utc(self, t: int) -> datetime:
        """Return the instant."""
        return self.local(t).replace(tzinfo=self.zone).astimezone(UTC)

    def iso(self, t: int | None) -> str | None:
        """Return the instant as UTC ISO 8601 with `Z`, as the truth is written."""
        return None if t is None else f"{self.utc(t):%Y-%m-%dT%H:%M:%SZ}"

    def hours(self, since: int, until: int) -> float:
        """Return true elapsed hours, clock changes included."""
        return (self.utc(until) - self.utc(since)).total_seconds() / HOUR

    def month(self, t: int) -> str:
        """Return the wall clock's month, `YYYY-MM`."""
        return f"{self.local(t):%Y-%m}"


def is_open(t: int, spans: tuple[tuple[int, int], ...]) -> bool:
    """Tell whether a moment lies in a week's open spans."""
    return any(opens <= t % WEEK < closes for opens, closes in spans)


def opening(t: int, spans: tuple[tuple[int, int], ...]) -> int:
    """Return the moment itself if open, else when it opens next."""
    monday, inside = t - t % WEEK, t % WEEK
    for opens, closes in spans:
        if inside < closes:
            return monday + max(inside, opens)
    return monday + WEEK + spans[0][0]


def closing(t: int, spans: tuple[tuple[int, int], ...]) -> int:
    """Return the end of the open span that holds the moment, or of the next one."""
    t = opening(t, spans)
    monday, inside = t - t % WEEK, t % WEEK
    return monday + next(closes for opens, closes in spans if opens <= inside < closes)


def after_work(
    t: int,
    seconds: int,
    spans: tuple[tuple[int, int], ...],
    present: Callable[[int], bool] = lambda _: True,
) -> int:
    """Return when work of so many open seconds ends that is begun now.

    Args:
        t: Begin.
        seconds: Working time needed.
        spans: Open spans of the week.
        present: Tells, for the begin of an open span, whether the worker is there that day.
    """
    left = seconds
    while True:
        t = opening(t, spans)
        closes = closing(t, spans)
        if present(t):
            if t + left <= closes:
                return t + left
            left -= closes - t
        t = closes


def shift_of(t: int) -> int:
    """Return the number of the shift since the first Monday 06:00; production hours only."""
    week, inside = divmod(t, WEEK)
    return week * 16 + (inside - PRODUCTION[0][0]) // SHIFT


def clear_of_change(t: int) -> int:
    """Return the moment, moved out of the Sunday hours in which clocks may change."""
    midnight, second = t - t % DAY, t % DAY
    if t % WEEK // DAY == SUNDAY and CHANGE_FROM <= second < CHANGE_TO:
        return midnight + CHANGE_TO
    return t


def site_zone(name: str) -> ZoneInfo:
    """Return the zone by its IANA name."""
    return ZoneInfo(name)
