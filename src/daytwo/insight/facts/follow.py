"""The follower: takes new events of the ledger into the facts; an answer costs only what is new."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from daytwo.insight.facts import batch, result
from daytwo.record.ledger.reading import events, last_seq, one_event
from daytwo.record.ledger.sql import fetch_all, is_postgresql

if TYPE_CHECKING:
    from daytwo.insight.facts.batch import BatchFact
    from daytwo.insight.facts.result import ResultFact
    from daytwo.record.ledger.envelope import Recorded

LATE_SECONDS = 60.0
"""How long a missing number is looked for: a transaction that began earlier may commit later."""
_TYPES = (*batch.TYPES, *result.TYPES)


@dataclass(slots=True)
class Facts:
    """The facts up to a place in the ledger."""

    seq: int = 0
    batches: dict[str, BatchFact] = field(default_factory=dict)
    results: dict[int, ResultFact] = field(default_factory=dict)
    late: dict[int, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_facts: dict[str, Facts] = {}
_guard = threading.Lock()


def current() -> Facts:
    """Return the facts with everything in them that is committed now."""
    name = str(connection.settings_dict["NAME"])
    with _guard:
        facts = _facts.setdefault(name, Facts())
    with facts.lock:
        _take_late(facts)
        _take_new(facts)
    return facts


def forget() -> None:
    """Drop the facts of this process; the next answer reads the ledger from its beginning."""
    with _guard:
        _facts.clear()


def _take_new(facts: Facts) -> None:
    last = last_seq()
    if last <= facts.seq:
        return
    if is_postgresql():
        _note_missing(facts, last)
    for event in events(_TYPES, after_seq=facts.seq):
        if event.seq > last:
            break
        _fold(facts, event)
    facts.seq = last


def _note_missing(facts: Facts, last: int) -> None:
    """Remember the numbers that are not there yet: on PostgreSQL a later one may commit first."""
    query = "SELECT seq FROM ledger_event WHERE seq > %s AND seq <= %s"
    there = {row[0] for row in fetch_all(query, (facts.seq, last))}
    if len(there) == last - facts.seq:
        return
    until = time.monotonic() + LATE_SECONDS
    for seq in range(facts.seq + 1, last):
        if seq not in there:
            facts.late[seq] = until


def _take_late(facts: Facts) -> None:
    for seq, until in list(facts.late.items()):
        event = one_event(seq)
        if event is not None:
            _fold(facts, event)
        if event is not None or time.monotonic() > until:
            del facts.late[seq]


def _fold(facts: Facts, event: Recorded) -> None:
    if event.type in batch.TYPES:
        batch.fold(facts.batches, event)
    elif event.type in result.TYPES:
        result.fold(facts.results, event)
