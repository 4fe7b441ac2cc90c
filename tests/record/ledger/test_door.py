"""The door: a command is one transaction, one command id is one act."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.db import connection

from daytwo.kernel.errors import Refused
from daytwo.record.access.events import PersonRegistered
from daytwo.record.ledger.append import Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.errors import CommandReused
from daytwo.record.ledger.reading import stream_events
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.sql import fetch_all
from daytwo.record.ledger.verify import verify
from tests import conftest
from tests.record.ledger.crowd import at_once
from tests.record.ledger.notes import count, heads, intent, note, notes, write_notes


def test_command_writes_its_events_and_their_rows(site):
    receipt = transact(intent(), lambda: [note("one"), note("two")])
    assert not receipt.replayed
    assert stream_events("batch/B-1") == list(receipt.events)
    assert notes() == ["one", "two"]


def test_same_command_id_twice_is_one_set_of_events(site):
    first = transact(intent("command-1"), lambda: [note("one"), note("two")])
    called = []
    again = transact(intent("command-1"), lambda: called.append(1) or [note("three")])
    assert again.replayed
    assert again.events == first.events
    assert called == []
    assert notes() == ["one", "two"]


@pytest.mark.parametrize("other", [{"digest": "1" * 64}, {"name": "test.other"}])
def test_same_command_id_with_other_content_is_refused(site, other):
    transact(intent("command-1"), lambda: [note("one")])
    with pytest.raises(CommandReused) as refused:
        transact(intent("command-1", **other), lambda: [note("two")])
    assert refused.value.info == {"command_id": "command-1"}
    assert notes() == ["one"]


def test_concurrent_senders_of_one_command_id_are_one_act(site):
    jobs = [lambda: transact(intent("command-1"), lambda: [note("one")])] * 8
    receipts = at_once(jobs)
    assert sorted(receipt.replayed for receipt in receipts) == [False] + [True] * 7
    assert len({receipt.events for receipt in receipts}) == 1
    assert notes() == ["one"]


def test_concurrent_senders_hear_the_same_although_the_rule_says_no_twice(site):
    """The second sender's rules would refuse what the first has just done: it must not ask them."""

    def work():
        if notes():
            raise Refused("test.done", "It was done already.")
        return [note("one")]

    jobs = [lambda: transact(intent("command-1"), work, locks=("batch/B-1",))] * 8
    receipts = at_once(jobs)
    assert [r for r in receipts if isinstance(r, Exception)] == []
    assert len({receipt.events for receipt in receipts}) == 1


def test_concurrent_commands_on_one_record_are_decided_one_after_the_other(site):
    def take():
        if notes():
            raise Refused("test.taken", "It was taken already.")
        return [note("mine")]

    outcomes = at_once([lambda: transact(intent(), take, locks=("batch/B-1",))] * 8)
    assert sum(isinstance(o, Refused) for o in outcomes) == 7
    assert notes() == ["mine"]


def test_what_is_asked_ahead_is_answered_as_it_stands_under_the_locks(site):
    asked = ("SELECT COUNT(*) FROM batches_comment", ())
    heard = []

    def take():
        heard.append(fetch_all(*asked)[0][0])
        return [note("mine")]

    at_once([lambda: transact(intent(), take, locks=("batch/B-1",), ahead=[asked])] * 8)
    assert heard == list(range(8))
    assert fetch_all(*asked) == [(8,)]


def test_refusal_leaves_everything_as_it_was(site):
    write_notes("before")
    before, head = count(), heads("batch/B-1")

    def work():
        raise Refused("test.no", "No.")

    with pytest.raises(Refused):
        transact(intent(), work)
    assert (count(), heads("batch/B-1"), notes()) == (before, head, ["before"])


def test_failing_projection_takes_the_events_back_with_it(site):
    """`olga` has a row already: the second event's row cannot be made, so the first goes too."""
    before, head = count(), heads("batch/B-1")
    pendings = [note("one"), Pending("person/olga", PersonRegistered("olga", "Another"))]
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        transact(intent("command-1"), lambda: pendings)
    assert (count(), heads("batch/B-1"), notes()) == (before, head, [])
    assert not transact(intent("command-1"), lambda: [note("one")]).replayed


DYING = """
import os, sys
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from daytwo.record.ledger.projections import Projection
from tests.record.ledger.notes import write_notes
last = Projection("dying", ())
@last.on("batch.comment.added")
def die(event):
    if event.payload["comment"] == "last words":
        os.kill(os.getpid(), 9)
write_notes("first")
print("acknowledged", flush=True)
write_notes("second", "last words")
"""


def test_crash_in_the_middle_of_a_command_leaves_nothing_of_it(site):
    """Killed after the events and rows were written and before the commit."""
    settings = connection.settings_dict
    environment = os.environ | {"PYTHONPATH": "."}
    if conftest.POSTGRESQL:
        connection.close()
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(settings["NAME"])],
        capture_output=True,
        env=environment,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-9, "acknowledged\n"), done.stderr
    assert notes() == ["first"]
    assert len(stream_events("batch/B-1")) == 1
    assert verify(None).ok
    assert compare().equal
    write_notes("after")
    assert [e.version for e in stream_events("batch/B-1")] == [1, 2]
