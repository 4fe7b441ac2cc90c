"""Rows at hand: those that events touched, loaded from the files by key when they are asked for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from daytwo.insight.facts import arrow
from daytwo.insight.facts.declare import BORN
from daytwo.insight.facts.registry import by_name
from daytwo.insight.facts.storage.manifest import UNBORN, UNDATED, Manifest, Part
from daytwo.insight.facts.storage.store import without

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from daytwo.insight.facts.declare import Key, Row
    from daytwo.insight.facts.storage.store import Store

_NUMBERED = "seq"
"""A fact whose key is the event's number: a row of it is always new."""


class Cache:
    """The rows of all facts: in memory where they were touched, else in the manifest's files.

    Attributes:
        changed: For each fact the keys of rows that no file holds as they are now.
        touches: For each fact a number that grows with every change.
    """

    def __init__(self, store: Store, manifest: Manifest) -> None:
        self._store = store
        self.manifest = manifest
        self._rows: dict[str, dict[Key, Row]] = {name: {} for name in by_name()}
        self._loaded: dict[str, set[Any]] = {name: set() for name in by_name()}
        self._index: dict[str, dict[Any, list[str]]] = {}
        self._stored: dict[str, dict[Key, str]] = {name: {} for name in by_name()}
        self.changed: dict[str, set[Key]] = {name: set() for name in by_name()}
        self.touches: dict[str, int] = dict.fromkeys(by_name(), 0)
        self.orphans: dict[str, list[tuple[str, Key]]] = {
            name: list(rows) for name, rows in manifest.orphans.items()
        }

    @property
    def held(self) -> int:
        """How many rows are in memory."""
        return sum(map(len, self._rows.values()))

    # -------------------------------------------------------------- rows
    def get(self, fact: str, key: Key) -> Row | None:
        """Return a row, or None."""
        rows = self._rows[fact]
        found = rows.get(key)
        if found is None and key[0] not in self._loaded[fact] and _may_be_stored(fact):
            self.load(fact, (key[0],))
            return rows.get(key)
        return found

    def put(self, fact: str, key: Key, row: Row) -> None:
        """Keep a row in place of what it was."""
        self._rows[fact][key] = row
        self.changed[fact].add(key)
        self.touches[fact] += 1

    def load(self, fact: str, firsts: Iterable[Any]) -> None:
        """Take the stored rows of some first key values into memory."""
        loaded = self._loaded[fact]
        new = {first for first in firsts if first not in loaded}
        if not new:
            return
        loaded |= new
        parts = self.manifest.parts(fact)
        if not parts:
            return
        index = self._index_of(fact)
        wanted: dict[str, list[Any]] = defaultdict(list)
        for first in new:
            for partition in index.get(first, ()):
                wanted[partition].append(first)
        declared = by_name()[fact]
        for partition, some in wanted.items():
            if partition not in parts:
                continue
            for row in self._store.rows(fact, partition, parts[partition], some):
                key = declared.key_of(row)
                self._rows[fact].setdefault(key, row)
                self._stored[fact][key] = partition

    def _index_of(self, fact: str) -> dict[Any, list[str]]:
        """Return, by first key value, the partitions that hold it; read once from the files."""
        found = self._index.get(fact)
        if found is None:
            found = self._index[fact] = {}
            for partition, part in self.manifest.parts(fact).items():
                for first in self._store.firsts(fact, part):
                    found.setdefault(first, []).append(partition)
        return found

    # -------------------------------------------------------------- what no file holds
    def tail(self, fact: str) -> list[Row]:
        """Return the rows that count and that no file holds as they are now."""
        rows = self._rows[fact]
        return [row for key in self.changed[fact] if (row := rows[key])[BORN]]

    def every(self, fact: str) -> Iterator[Row]:
        """Yield every row of a fact as it is now, also those that are none yet."""
        rows, changed = self._rows[fact], self.changed[fact]
        declared = by_name()[fact]
        for partition, part in self.manifest.parts(fact).items():
            for row in arrow.rows(self._store.table(part), born=partition != UNBORN):
                if declared.key_of(row) not in changed:
                    yield row
        for key in changed:
            yield rows[key]

    def overtaken(self, fact: str) -> dict[Key, str]:
        """Return the keys of stored rows that changed since, and the partition of each."""
        stored = self._stored[fact]
        return {key: stored[key] for key in self.changed[fact] if key in stored}

    # -------------------------------------------------------------- to the files
    def written(self, fact: str, generation: int) -> Mapping[str, Part]:
        """Write the partitions of a fact in which something changed; return all its parts."""
        parts = dict(self.manifest.parts(fact))
        changed = self.changed[fact]
        if not changed:
            return parts
        new: dict[str, list[Row]] = defaultdict(list)
        for key in changed:
            row = self._rows[fact][key]
            new[_partition(row)].append(row)
        old = set(self.overtaken(fact).values())
        for partition in {*new, *old}:
            rows = arrow.stored(fact, new[partition])
            if partition in parts:
                kept = self._store.table(parts[partition])
                if partition in old:
                    kept = without(fact, kept, changed)
                rows = pa.concat_tables([kept, rows])
            part = self._store.write_part(fact, partition, generation, rows)
            parts.pop(partition, None)
            if part is not None:
                parts[partition] = part
        return parts

    def settle(self, manifest: Manifest) -> None:
        """Take a manifest as what is stored: it was made of this cache's changes."""
        self.manifest = manifest
        for name, keys in self.changed.items():
            stored, index, rows = self._stored[name], self._index.get(name), self._rows[name]
            for key in keys:
                partition = stored[key] = _partition(rows[key])
                if index is not None and partition not in (there := index.setdefault(key[0], [])):
                    there.append(partition)
            if keys:
                keys.clear()
                self.touches[name] += 1

    def let_go(self) -> None:
        """Free the memory of rows that are stored as they are."""
        for name, keys in self.changed.items():
            if not keys:
                self._rows[name].clear()
                self._loaded[name].clear()
                self._stored[name].clear()


def _may_be_stored(fact: str) -> bool:
    return by_name()[fact].key_names[0] != _NUMBERED


def _partition(row: Row) -> str:
    if not row[BORN]:
        return UNBORN
    return row["month"] or UNDATED
