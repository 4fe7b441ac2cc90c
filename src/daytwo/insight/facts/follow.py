"""The follower: takes new events of the ledger into the facts; an answer costs only what is new."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from daytwo.insight.facts.cache import Cache
from daytwo.insight.facts.folding import take
from daytwo.insight.facts.late import Late, committed_below
from daytwo.insight.facts.registry import all_facts, by_name, check, plan
from daytwo.insight.facts.snapshot import Snapshot
from daytwo.insight.facts.storage.manifest import Manifest
from daytwo.insight.facts.storage.store import Store
from daytwo.record.ledger.catalogue import entries
from daytwo.record.ledger.reading import events, last_seq, one_event
from daytwo.record.ledger.sql import is_postgresql

if TYPE_CHECKING:
    from collections.abc import Callable

    from daytwo.record.ledger.envelope import Recorded

PAGE = 5000
"""Events read at a time."""
WRITE_AFTER = 2000
"""Events in the tail after which the files are brought up to date by whoever comes first."""
MOST_HELD = 100_000
"""Rows in memory while reading, beyond which they go to the files and are let go."""


@dataclass(slots=True)
class Follower:
    """The facts of one ledger in this process."""

    store: Store
    site: str
    seq: int = 0
    cache: Cache = field(init=False)
    late: Late = field(init=False)
    state: object = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    _shown: Snapshot | None = None
    _rebuilding: bool = False

    def __post_init__(self) -> None:
        """Begin where the files end."""
        check(all_facts(), (entry.name for entry in entries()))
        self.begin(self._of_this_ledger())

    # -------------------------------------------------------------- reading
    def snapshot(self) -> Snapshot:
        """Return the facts with everything in them that is committed now."""
        with self.lock:
            if self.store.state() != self.state:
                self.begin(self._of_this_ledger())
            self.catch_up()
            if self.seq - self.cache.manifest.seq >= WRITE_AFTER:
                self.write(wait=False)
            if self._shown is None or not self._shown.is_of(self.cache, self.seq):
                self._shown = Snapshot(self.store, self.cache, self.seq, self._shown)
            return self._shown

    def begin(self, manifest: Manifest) -> None:
        """Let go of all rows in memory and stand where a manifest ends."""
        self.state = self.store.state()
        self.cache = Cache(self.store, manifest)
        self.late = Late(dict(manifest.late))
        self.seq = manifest.seq

    def _of_this_ledger(self) -> Manifest:
        """Return the manifest, if its facts are of this ledger and this site; else an empty one."""
        found = self.store.manifest()
        if found.seq == 0:
            return found
        event = one_event(found.seq)
        if event is None or event.hash != found.event or found.site != self.site:
            return Manifest(generation=found.generation)
        return found

    def catch_up(
        self, report: Callable[[int, int], None] | None = None, *, until: int | None = None
    ) -> None:
        """Take in every event that is committed now, or those up to a place."""
        self.late.take(self._take)
        last = last_seq() if until is None else until
        while self.seq < last:
            self._take_page(min(last, self.seq + PAGE))
            if report is not None:
                report(self.seq, last)
            if self.cache.held > MOST_HELD:
                self._spill()

    def _take_page(self, until: int) -> None:
        there = None
        if is_postgresql():
            there = committed_below(self.seq, until)
            self.late.note(set(range(self.seq + 1, until + 1)) - there)
        new = events(tuple(plan()), after_seq=self.seq, until_seq=until, page=PAGE)
        found = [event for event in new if there is None or event.seq in there]
        self._foresee(found)
        for event in found:
            self._take(event)
        self.seq = until

    def _foresee(self, found: list[Recorded]) -> None:
        """Load what a page of events will ask for, in one reading a file instead of many."""
        if not self.cache.manifest.facts:
            return
        for name, fact in by_name().items():
            first = fact.key_names[0]
            self.cache.load(
                name,
                {
                    value
                    for event in found
                    if event.type in fact.folds and (value := event.payload.get(first))
                },
            )

    def _take(self, event: Recorded) -> None:
        take(self.cache, event, self.site)

    # -------------------------------------------------------------- writing
    def write(self, *, wait: bool) -> bool:
        """Bring the files up to this follower's place; False where another process is at it."""
        with self.lock, self.store.writing(wait=wait) as mine:
            if not mine:
                return False
            if self.store.state() != self.state:
                self.begin(self._of_this_ledger())
                self.catch_up()
            self._write()
            return True

    def refresh(self, report: Callable[[int, int], None] | None = None) -> None:
        """Take in what is new and bring the files up to it."""
        with self.lock:
            if self.store.state() != self.state:
                self.begin(self._of_this_ledger())
            self.catch_up(report)
            if self.seq > self.cache.manifest.seq or self.state is None:
                self.write(wait=True)

    def _spill(self) -> None:
        """Put rows into files while there is more to read; a rebuild shows them at its end only."""
        if self._rebuilding:
            self.cache.settle(self._written())
            self.cache.let_go()
        else:
            self.write(wait=True)

    def _write(self) -> None:
        before = self.store.manifest()
        manifest = self._written()
        self.store.publish(manifest, before)
        self.state = self.store.state()
        self.cache.settle(manifest)
        if self.cache.held > MOST_HELD // 2:
            self.cache.let_go()
        self._shown = None

    def _written(self) -> Manifest:
        """Write what changed and return the manifest that would count then."""
        generation = self.cache.manifest.generation + 1
        last = one_event(self.seq)
        parts = {name: self.cache.written(name, generation) for name in by_name()}
        return Manifest(
            generation=generation,
            seq=self.seq,
            event=last.hash if last is not None else "",
            site=self.site,
            facts={name: of for name, of in parts.items() if of},
            late=dict(self.late.noted),
            orphans={name: rows for name, rows in self.cache.orphans.items() if rows},
            written_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def rebuild(
        self, report: Callable[[int, int], None] | None = None, *, until: int | None = None
    ) -> None:
        """Make the files anew from the ledger's first event."""
        with self.lock, self.store.writing(wait=True):
            generation = self.store.manifest().generation
            self.begin(Manifest(generation=max(generation, self.cache.manifest.generation)))
            self._rebuilding = True
            try:
                self.catch_up(report, until=until)
                self._write()
            finally:
                self._rebuilding = False


_followers: dict[str, Follower] = {}
_guard = threading.Lock()


def follower() -> Follower:
    """Return this process's follower of the ledger at hand."""
    name = str(connection.settings_dict["NAME"])
    with _guard:
        found = _followers.get(name)
        if found is None:
            found = _followers[name] = Follower(Store(folder()), settings.SITE_NAME)
        return found


def folder() -> Path:
    """Return where the facts of the ledger at hand lie: beside it, in the data directory."""
    if is_postgresql():
        return Path(settings.DATA_DIR) / "facts" / str(connection.settings_dict["NAME"])
    return Path(connection.settings_dict["NAME"]).parent / "facts"


def current() -> Snapshot:
    """Return the facts with everything in them that is committed now."""
    return follower().snapshot()


def forget() -> None:
    """Drop the facts of this process; the next answer begins where the files end."""
    with _guard:
        _followers.clear()
