"""Folds that many facts share: the time of an event, the first and the last of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import STATE, Fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000


def by(*names: str) -> Callable[[Happening], Iterable[Key]]:
    """Return the keys of an event that names its row in these fields."""

    def keys(it: Happening) -> Iterable[Key]:
        values = tuple(it.get(name) for name in names)
        return () if None in values else (values,)

    return keys


def once(keys: Callable[[Happening], Iterable[Key]], *names: str, **fields: str) -> Fold:
    """Fold an event that opens a row: its time is `<name>_us` of each name, fields are copied.

    Args:
        keys: The rows.
        names: Times that are the event's.
        fields: Column by the field of the payload that it is copied from.
    """

    def apply(row: Mapping[str, Any], it: Happening) -> Changes:
        changes: dict[str, Any] = {}
        for name in names:
            changes.update(earliest(row, name, it))
        for column, source in fields.items():
            value = it.get(source)
            if value is not None:
                changes[column] = value
        return changes

    return Fold(keys, apply)


def first(keys: Callable[[Happening], Iterable[Key]], name: str) -> Fold:
    """Fold the time of the earliest such event."""
    return Fold(keys, lambda row, it: earliest(row, name, it))


def last(keys: Callable[[Happening], Iterable[Key]], *names: str) -> Fold:
    """Fold the time of the latest such event."""

    def apply(row: Mapping[str, Any], it: Happening) -> Changes:
        changes: dict[str, Any] = {}
        for name in names:
            changes.update(latest(row, name, it))
        return changes

    return Fold(keys, apply)


def earliest(row: Mapping[str, Any], name: str, it: Happening, at: int | None = None) -> Changes:
    """Return the change that keeps the earlier of a row's time and the event's."""
    us = it.us if at is None else at
    known = row[f"{name}_us"]
    if known is not None and known <= us:
        return {}
    return _at(row, name, us, it.seq)


def latest(row: Mapping[str, Any], name: str, it: Happening, at: int | None = None) -> Changes:
    """Return the change that keeps the later of a row's time and the event's."""
    us = it.us if at is None else at
    known = row[f"{name}_us"]
    if known is not None and known > us:
        return {}
    return _at(row, name, us, it.seq)


def _at(row: Mapping[str, Any], name: str, us: int, seq: int) -> Changes:
    if f"{name}_seq" in row:
        return {f"{name}_us": us, f"{name}_seq": seq}
    return {f"{name}_us": us}


def more(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return counters, each one higher."""
    return {name: row[name] + 1 for name in names}


def moved(row: Mapping[str, Any], it: Happening) -> Changes:
    """Fold a due date that was moved; the first one stays."""
    first_on = row["due_first_on"] or it.day("previous")
    return more(row, "due_moves") | {"due_on": it.day("due_on"), "due_first_on": first_on}


def remember(row: Mapping[str, Any], **values: object) -> dict[str, Any]:
    """Return the change of a row's own memory."""
    return {STATE: row[STATE] | values}


def stopped(row: Mapping[str, Any], it: Happening, column: str, unit_us: int) -> Changes:
    """Fold the begin of an interruption whose lengths are summed in a column."""
    state = row[STATE]
    end = state.get("went_on")
    if end is not None and end >= it.us:
        return _interrupted(row, it.us, end, column, unit_us)
    return remember(row, stopped=it.us)


def went_on(row: Mapping[str, Any], it: Happening, column: str, unit_us: int) -> Changes:
    """Fold the end of an interruption; it may be told before its begin."""
    begin = row[STATE].get("stopped")
    if begin is not None and begin <= it.us:
        return _interrupted(row, begin, it.us, column, unit_us)
    return remember(row, went_on=it.us)


def _interrupted(
    row: Mapping[str, Any], begin: int, end: int, column: str, unit_us: int
) -> Changes:
    state = {k: v for k, v in row[STATE].items() if k not in {"stopped", "went_on"}}
    return {column: (row[column] or 0.0) + (end - begin) / unit_us, STATE: state}
