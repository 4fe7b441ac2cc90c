"""Checking: the facts as they are kept beside the facts made anew from the ledger's first event."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.facts.declare import BORN
from daytwo.insight.facts.follow import Follower
from daytwo.insight.facts.registry import by_name
from daytwo.insight.facts.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from daytwo.insight.facts.declare import Key, Row
    from daytwo.insight.facts.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class FactState:
    """How a fact stands.

    Attributes:
        name: Of the fact.
        rows: Rows that count.
        months: Files by month.
        in_tail: Rows that no file holds as they are now.
    """

    name: str
    rows: int
    months: int
    in_tail: int


@dataclass(frozen=True, slots=True)
class FactDifference:
    """What a fact has otherwise than a rebuild.

    Attributes:
        name: Of the fact.
        missing: Rows that a rebuild has and the kept facts have not.
        surplus: Rows of the kept facts that a rebuild has not.
        changed: Rows with another value in some column.
        example: The key of one of them.
    """

    name: str
    missing: int
    surplus: int
    changed: int
    example: str


def states(snapshot: Snapshot) -> list[FactState]:
    """Return how each fact stands in a state of the facts."""
    return [
        FactState(name, source.rows, source.months, source.in_tail)
        for name, source in snapshot.sources.items()
    ]


def compare(
    kept: Follower, report: Callable[[int, int], None] | None = None
) -> list[FactDifference]:
    """Make all facts anew in a folder of their own, and return where the kept ones differ.

    Args:
        kept: What is compared; it takes in what is new before and stands still meanwhile.
        report: Told how far the ledger was read.
    """
    folder = kept.store.folder / ".check"
    with kept.lock:
        kept.catch_up()
        try:
            anew = Follower(Store(folder), kept.site)
            anew.rebuild(report, until=kept.seq)
            return [
                difference
                for name in by_name()
                if (difference := _compared(name, _rows(kept, name), _rows(anew, name)))
            ]
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _rows(of: Follower, name: str) -> dict[Key, Row]:
    fact = by_name()[name]
    return {fact.key_of(row): row for row in of.cache.every(name) if row[BORN]}


def _compared(name: str, kept: dict[Key, Row], anew: dict[Key, Row]) -> FactDifference | None:
    missing, surplus = anew.keys() - kept.keys(), kept.keys() - anew.keys()
    changed = {key for key in kept.keys() & anew.keys() if kept[key] != anew[key]}
    every = sorted(missing | surplus | changed, key=str)
    if not every:
        return None
    return FactDifference(name, len(missing), len(surplus), len(changed), str(every[0]))
