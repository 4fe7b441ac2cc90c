"""Folding: one event after the other into the rows of all facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from daytwo.insight.facts.declare import BORN
from daytwo.insight.facts.happening import Happening, month_of
from daytwo.insight.facts.registry import by_name, plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.facts.declare import Fact, Fold, Inherited, Key, Row
    from daytwo.record.ledger.envelope import Recorded


class Rows(Protocol):
    """Where rows are kept while they are folded."""

    orphans: dict[str, list[tuple[str, Key]]]
    """Rows whose batch nobody has planned or imported yet, by that batch."""

    def get(self, fact: str, key: Key) -> Row | None:
        """Return a row, or None; it must not be changed."""

    def put(self, fact: str, key: Key, row: Row) -> None:
        """Keep a row in place of what it was."""


def take(rows: Rows, event: Recorded, site: str) -> None:
    """Take one event into the rows.

    Args:
        rows: Where they are kept.
        event: In the order of the ledger.
        site: The name of a site whose events do not say it themselves.
    """
    folds = plan().get(event.type)
    if folds is None:
        return
    it = Happening(event, rows.get, site)
    for fact, fold in folds:
        for key in fold.keys(it):
            _fold(rows, fact, fold, key, it)


def _fold(rows: Rows, fact: Fact, fold: Fold, key: Key, it: Happening) -> None:
    known = rows.get(fact.name, key)
    row = dict(known) if known is not None else fact.new(key)
    was_born = row[BORN]
    if not fact.born or it.type in fact.born:
        row[BORN] = True
    row.update(fold.apply(row, it))
    first, last = row["seq_first"], row["seq_last"]
    if first is None or it.seq < first:
        row["seq_first"] = it.seq
        row["site"], row["origin"] = it.origin()
    if last is None or it.seq > last:
        row["seq_last"] = it.seq
    row.update(fact.derive(row))
    if fact.inherits is not None:
        _inherit(rows, fact, fact.inherits, key, row)
    row["month"] = _month(fact, row)
    it.remember(fact.name, key, known)
    rows.put(fact.name, key, row)
    if row[BORN] and not was_born and (waiting := rows.orphans.pop(_orphans_of(fact, key), None)):
        _adopt(rows, waiting)


def _orphans_of(fact: Fact, key: Key) -> str:
    return f"{fact.name}/{key[0]}" if len(key) == 1 else ""


def _inherit(rows: Rows, fact: Fact, inherited: Inherited, key: Key, row: Row) -> None:
    """Take columns of the row that this one belongs to, or remember that it waits for it."""
    name = row[inherited.by]
    if name is None or all(row[column] is not None for column in inherited.columns):
        return
    parent = rows.get(inherited.fact, (name,))
    if parent is not None and parent[BORN]:
        for column in inherited.columns:
            if row[column] is None:
                row[column] = parent[column]
        return
    waiting = rows.orphans.setdefault(f"{inherited.fact}/{name}", [])
    if (fact.name, key) not in waiting:
        waiting.append((fact.name, key))


def _adopt(rows: Rows, waiting: list[tuple[str, Key]]) -> None:
    for name, key in waiting:
        fact = by_name()[name]
        row = dict(rows.get(name, key) or fact.new(key))
        if fact.inherits is not None:
            _inherit(rows, fact, fact.inherits, key, row)
        rows.put(name, key, row)


def _month(fact: Fact, row: Mapping[str, Any]) -> str | None:
    for name in fact.anchor:
        at = row[name]
        if at is not None:
            return month_of(at)
    return None


class InMemory:
    """Rows in dictionaries: of a test, or of a rebuild that is small enough."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[Key, Row]] = {name: {} for name in by_name()}
        self.orphans: dict[str, list[tuple[str, Key]]] = {}

    def get(self, fact: str, key: Key) -> Row | None:
        """Return a row, or None."""
        return self.rows[fact].get(key)

    def put(self, fact: str, key: Key, row: Row) -> None:
        """Keep a row."""
        self.rows[fact][key] = row
