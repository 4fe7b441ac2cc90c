"""Order statistics in the engine: of a group's values only those at ranks that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.statistics import RANK_REACH, median_rank_about

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import ArrayValue, FloatingValue, IntegerValue, Table, Value

WIDTH = 2 * RANK_REACH + 2
"""So many values around a limit of the median: the exact rank is among them."""


def in_order(values: FloatingValue) -> ArrayValue:
    """Return a group's values in ascending order, unknown ones left out."""
    return values.collect().sort()


def picked(groups: Table, names: Sequence[str] = ("",)) -> Table:
    """Return groups with what a median, its interval and a P90 need in place of their values.

    Args:
        groups: With `valued<name>`, how many values a group has, and `ordered<name>`, the values
            in order, for each name.
        names: Of the figures; one without a name is the usual case.

    Returns:
        `middle<name>` and `upper<name>`, the two middle ones (one twice when there is one);
        `p90<name>` by nearest rank; `low<name>` and `high<name>`, those around the limits of the
        median, `WIDTH` at most; and every other column.
    """
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    places: dict[str, Value] = {}
    for name in names:
        size = groups[f"valued{name}"]
        about = (size + 1) / 2.0 - 0.98 * size.cast("float64").sqrt()
        first = ibis.greatest(about.floor().cast("int64") - RANK_REACH, 1) - 1
        places |= {f"first{name}": first, f"last{name}": ibis.greatest(size - first - WIDTH, 0)}
    placed = groups.mutate(places)
    made: dict[str, Value] = {}
    for name in names:
        size, ordered = placed[f"valued{name}"], placed[f"ordered{name}"]
        first, last = placed[f"first{name}"], placed[f"last{name}"]
        made |= {
            f"middle{name}": _at(ordered, (size - 1) // 2, size),
            f"upper{name}": _at(ordered, size // 2, size),
            f"p90{name}": _at(ordered, (size * 9 - 1) // 10, size),
            f"low{name}": ordered[first : first + WIDTH],
            f"high{name}": ordered[last : size - first],
        }
    gone = {f"ordered{name}" for name in names}
    return placed.select(*(name for name in groups.columns if name not in gone), **made)


def _at(ordered: ArrayValue, place: IntegerValue, size: IntegerValue) -> Value:
    import ibis  # noqa: PLC0415 - see picked

    # Spark counts the places of an array in 32 bits.
    return ibis.ifelse(size > 0, ordered[place.cast("int32")], ibis.null("float64"))


def first_rank(size: int) -> int:
    """Return the rank of the first value of `low`, and from the end of the last of `high`."""
    return max(int(median_rank_about(size) // 1) - RANK_REACH, 1)


def nine_tenths(size: int) -> int:
    """Return the rank of the 90th percentile by nearest rank."""
    return (9 * size + 9) // 10
