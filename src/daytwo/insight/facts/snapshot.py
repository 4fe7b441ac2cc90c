"""One state of the facts: files, and the tail that is in none of them yet."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from daytwo.insight.facts import arrow
from daytwo.insight.facts.registry import by_name
from daytwo.insight.facts.storage.manifest import UNBORN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from daytwo.insight.facts.cache import Cache
    from daytwo.insight.facts.declare import Key, Row
    from daytwo.insight.facts.engine.port import Period
    from daytwo.insight.facts.storage.manifest import Manifest, Part
    from daytwo.insight.facts.storage.store import Store


class Stored:
    """One fact in one state."""

    def __init__(self, store: Store, fact: str, cache: Cache) -> None:
        self._store = store
        self._fact = fact
        self._parts = cache.manifest.parts(fact)
        self._overtaken: Mapping[Key, str] = cache.overtaken(fact)
        self._rows: Sequence[Row] = cache.tail(fact)
        self.version: object = (id(cache), cache.manifest.generation, cache.touches[fact], fact)
        self._kept = cache  # An id is one's own only as long as its owner lives.

    def files(self, period: Period | None) -> tuple[Sequence[str], Sequence[str]]:
        """Return the files that can hold rows of a period: read as they are, and with care."""
        touched = set(self._overtaken.values())
        whole: list[str] = []
        careful: list[str] = []
        for partition, part in sorted(self._parts.items()):
            if partition != UNBORN and (period is None or _may_hold(part, period)):
                (careful if partition in touched else whole).append(self._store.path(part))
        return whole, careful

    def tail(self) -> pa.Table | None:
        """Return the rows that are in no file yet, or overtake one."""
        return self._tail

    @cached_property
    def _tail(self) -> pa.Table | None:
        return arrow.table(self._fact, self._rows) if self._rows else None

    def overtaken(self) -> pa.Table | None:
        """Return the keys of stored rows that count no more."""
        if not self._overtaken:
            return None
        schema = arrow.schema(self._fact)
        names = by_name()[self._fact].key_names
        columns: list[Any] = [list(values) for values in zip(*self._overtaken, strict=True)]
        return pa.table(
            {
                name: pa.array(values, schema.field(name).type)
                for name, values in zip(names, columns, strict=True)
            }
        )

    @property
    def rows(self) -> int:
        """How many rows the fact has."""
        files = sum(part.rows for name, part in self._parts.items() if name != UNBORN)
        return files - sum(name != UNBORN for name in self._overtaken.values()) + len(self._rows)

    @property
    def in_tail(self) -> int:
        """How many of them no file holds as they are."""
        return len(self._rows)

    @property
    def months(self) -> int:
        """How many files hold them."""
        return sum(name != UNBORN for name in self._parts)


def _may_hold(part: Part, period: Period) -> bool:
    low, high, without = part.times[period.column]
    if period.open and without:
        return True
    return (
        low is not None and high is not None and low < period.until_us and high >= period.since_us
    )


class Snapshot:
    """All facts in one state of the ledger.

    Attributes:
        seq: Everything up to here in the ledger is in.
        sources: By fact.
        touches: For each fact the number that grows with every change.
    """

    def __init__(
        self, store: Store, cache: Cache, seq: int, before: Snapshot | None = None
    ) -> None:
        self.seq = seq
        self.manifest: Manifest = cache.manifest
        self._cache = cache
        self.touches = dict(cache.touches)
        same = before if before is not None and before.is_over(cache) else None
        self.sources: Mapping[str, Stored] = {
            name: same.sources[name]
            if same is not None and same.touches[name] == self.touches[name]
            else Stored(store, name, cache)
            for name in by_name()
        }

    def is_over(self, cache: Cache) -> bool:
        """Say whether it is a state of this cache and of the files below it."""
        return self._cache is cache and self.manifest is cache.manifest

    def is_of(self, cache: Cache, seq: int) -> bool:
        """Say whether nothing has happened since."""
        return self.seq == seq and self.is_over(cache) and self.touches == cache.touches
