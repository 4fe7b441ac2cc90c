"""Shifts: in which part of the site's day something happened."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.calendar import local
from daytwo.insight.kpis.expressions import made_once
from daytwo.insight.kpis.subjects import DAY_US, MINUTE_US, SHIFT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import IntegerValue, Table


def names(starts: Sequence[int]) -> list[str]:
    """Return what shifts are called, such as `06:00-14:00`; the last one reaches to the first.

    Args:
        starts: Minutes after midnight, ascending.
    """
    told = [f"{start // 60:02}:{start % 60:02}" for start in starts]
    return [f"{one}-{two}" for one, two in zip(told, [*told[1:], told[0]], strict=True)]


def shift(at_us: IntegerValue, zone: str, starts: Sequence[int]) -> Any:
    """Return the column of the shift, by the clock on the site's wall, in which a time lies.

    Midnight exactly is a day of which the source told no time: in no shift, NULL.

    Args:
        at_us: Microseconds UTC.
        zone: IANA zone of the site.
        starts: When its shifts begin, minutes after midnight, ascending.
    """
    return _name(local(at_us, zone), starts)


@made_once
def with_shift(subjects: Table, zone: str, starts: tuple[int, ...]) -> Table:
    """Return a subject table with the shift in which each subject happened as a dimension."""
    # In two steps: summer times make the first long, and an engine plans each copy of it.
    placed = subjects.mutate(wall=local(subjects.happened_us, zone))
    return placed.mutate(**{SHIFT: _name(placed.wall, starts)}).drop("wall")


def _name(wall_us: IntegerValue, starts: Sequence[int]) -> Any:
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    slot, called = gcd(24 * 60, *starts), names(starts)
    minutes = range(0, 24 * 60, slot)
    told = [called[sum(start <= minute for start in starts) - 1] for minute in minutes]
    place = (wall_us % DAY_US).nullif(0) // (slot * MINUTE_US) * len(called[0])
    # PostgreSQL's texts are counted by 32 bits.
    return ibis.literal("".join(told)).substr(place.cast("int32"), len(called[0]))
