"""Bulk append: the same chain, rows and command ids as one command at a time, in large commits."""

from __future__ import annotations

from datetime import datetime

import pytest

from daytwo.kernel.errors import DaytwoError, Refused
from daytwo.record.access.events import PersonRegistered, RoleGranted
from daytwo.record.ledger.append import Pending
from daytwo.record.ledger.bulk import BulkItem, transact_bulk
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.errors import CommandReused
from daytwo.record.ledger.reading import stream_events
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.verify import verify
from tests.record.ledger.crowd import at_once
from tests.record.ledger.notes import count, intent, note, notes, write_notes


def item(text: str, *pendings: Pending, digest: str = "0" * 64) -> BulkItem:
    return BulkItem(intent(f"import-{text}-id", digest), pendings or (note(text),))


def bulk(*texts: str) -> list[BulkItem]:
    return [item(text) for text in texts]


def statuses(items: list[BulkItem], **more) -> list[str]:
    return [outcome.status for outcome in transact_bulk(items, **more)]


def test_bulk_goes_through_the_same_chain_and_rows(site):
    write_notes("native")
    outcomes = list(transact_bulk(bulk("one", "two", "three", "four", "five"), chunk=2))
    assert [(o.status, o.events) for o in outcomes] == [("made", 1)] * 5
    assert notes() == ["native", "one", "two", "three", "four", "five"]
    events = stream_events("batch/B-1")
    assert [e.version for e in events] == [1, 2, 3, 4, 5, 6]
    assert [e.seq for e in events] == sorted(e.seq for e in events)
    assert verify(None).ok
    assert compare().equal


def test_bulk_and_door_write_the_same(site):
    """Two events of one command, in two streams: all but numbers, times and hashes is equal."""
    pendings = (note("a"), note("b", "batch/B-2"))
    transact(intent("import-x-id"), lambda: pendings)
    singly = [e.as_row()[1:] for s in ("batch/B-1", "batch/B-2") for e in stream_events(s)]
    assert statuses([item("y", *pendings)]) == ["made"]
    inbulk = [e.as_row()[1:] for s in ("batch/B-1", "batch/B-2") for e in stream_events(s)[1:]]
    same = [name for name in range(18) if name not in {1, 5, 6, 12, 16, 17}]
    assert [[row[n] for n in same] for row in singly] == [[row[n] for n in same] for row in inbulk]


def test_bulk_twice_doubles_nothing(site):
    assert statuses(bulk("one", "two")) == ["made"] * 2
    before = count()
    assert statuses(bulk("one", "two")) == ["already"] * 2
    assert statuses(bulk("two", "three", "one"), chunk=1) == ["already", "made", "already"]
    assert count() == before + 1


def test_item_doubled_in_one_chunk_is_made_once(site):
    assert statuses([*bulk("one", "two"), *bulk("one")]) == ["made", "made", "already"]
    assert notes() == ["one", "two"]


def test_item_with_a_used_command_id_is_refused_alone(site):
    transact(intent("import-two-id", digest="1" * 64), lambda: [note("standing")])
    outcomes = list(transact_bulk([*bulk("one", "two", "three"), item("one", digest="2" * 64)]))
    assert [o.status for o in outcomes] == ["made", "refused", "made", "refused"]
    assert isinstance(outcomes[1].error, CommandReused)
    assert notes() == ["standing", "one", "three"]


def test_item_whose_row_cannot_be_made_is_refused_alone(site):
    """All or nothing an item: no half of it stays, and its neighbours in the chunk stand."""
    double = (
        note("half"),
        Pending("person/olga", PersonRegistered("olga", "Another")),
        Pending("person/olga", RoleGranted("olga", "operator")),
    )
    outcomes = list(transact_bulk([*bulk("one"), item("bad", *double), *bulk("three")]))
    assert [o.status for o in outcomes] == ["made", "refused", "made"]
    assert isinstance(outcomes[1].error, DaytwoError)
    assert notes() == ["one", "three"]
    assert verify(None).ok
    assert compare().equal


@pytest.mark.parametrize(
    "bad",
    [
        note("bad", "batch/no such name"),
        note("bad", "batch/" + "B" * 500),
        note("bad", occurred_at=datetime(2026, 1, 1)),  # noqa: DTZ001 - that is the fault
        note("bad\ud800"),
        note("bad", reason="\ud800"),
        note("bad", reason="nul \x00"),
    ],
    ids=["name", "length", "naive", "surrogate", "reason", "nul"],
)
def test_item_that_cannot_be_written_is_refused_alone(site, bad):
    outcomes = list(transact_bulk([*bulk("one"), item("bad", bad), *bulk("three")]))
    assert [o.status for o in outcomes][::2] == ["made", "made"]
    if outcomes[1].status == "made":
        assert bad.reason == "nul \x00", "SQLite can keep it, PostgreSQL cannot"
    else:
        assert isinstance(outcomes[1].error, Refused)
    assert {"one", "three"} <= set(notes())
    assert verify(None).ok


def test_outcome_is_told_only_when_it_is_durable(site):
    outcomes = transact_bulk(bulk("one", "two", "three"), chunk=2)
    next(outcomes)
    assert notes() == ["one", "two"]
    outcomes.close()
    assert notes() == ["one", "two"]


def test_two_imports_of_one_file_at_once_double_nothing(site):
    texts = [f"row {n}" for n in range(40)]
    jobs = [lambda: statuses(bulk(*(t.replace(" ", "-") for t in texts)), chunk=7)] * 3
    results = at_once(jobs)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert sum(status == "made" for result in results for status in result) == 40
    assert len(notes()) == len(set(notes())) == 40
    assert verify(None).ok


def test_nothing_in_bulk_is_nothing(site):
    before = count()
    assert statuses([]) == []
    assert count() == before
