"""Order statistics in the engine: of a group's values only those at ranks that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.statistics import RANK_REACH, median_rank_about

if TYPE_CHECKING:
    from ibis.expr.types import ArrayValue, FloatingValue, IntegerValue, Table, Value

WIDTH = 2 * RANK_REACH + 2
"""So many values around a limit of the median: the exact rank is among them."""


def in_order(values: FloatingValue) -> ArrayValue:
    """Return a group's values in ascending order, unknown ones left out."""
    return values.collect().sort()


def picked(groups: Table, *keep: str) -> Table:
    """Return what a median, its interval and a P90 need of each group's values.

    Args:
        groups: With `size`, how many values a group has, and `ordered`, the values in order.
        *keep: Further columns to keep.

    Returns:
        `size`; `middle` and `upper`, the two middle ones (one twice when there is one); `p90` by
        nearest rank; `low` and `high`, those around the limits of the median, `WIDTH` at most.
    """
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    size = groups.size
    about = (size + 1) / 2.0 - 0.98 * size.cast("float64").sqrt()
    first = ibis.greatest(about.floor().cast("int64") - RANK_REACH, 1) - 1
    placed = groups.mutate(first=first, last=ibis.greatest(size - first - WIDTH, 0))
    size, ordered = placed.size, placed.ordered

    def at(place: IntegerValue) -> Value:
        # Spark counts the places of an array in 32 bits.
        return ibis.ifelse(size > 0, ordered[place.cast("int32")], ibis.null("float64"))

    return placed.select(
        *keep,
        "size",
        middle=at((size - 1) // 2),
        upper=at(size // 2),
        p90=at((size * 9 - 1) // 10),
        low=ordered[placed.first : placed.first + WIDTH],
        high=ordered[placed.last : size - placed.first],
    )


def first_rank(size: int) -> int:
    """Return the rank of the first value of `low`, and from the end of the last of `high`."""
    return max(int(median_rank_about(size) // 1) - RANK_REACH, 1)


def nine_tenths(size: int) -> int:
    """Return the rank of the 90th percentile by nearest rank."""
    return (9 * size + 9) // 10
