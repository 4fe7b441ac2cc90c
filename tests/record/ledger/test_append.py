"""Append: chains per stream, one writer a version, names that need no quoting."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from daytwo.kernel.clock import clock_set
from daytwo.kernel.errors import Fault
from daytwo.record.ledger import append as append_module
from daytwo.record.ledger.append import (
    _INSERT,
    Pending,
    append,
    check_identifier,
    lock_streams,
    prior,
)
from daytwo.record.ledger.catalogue import entries
from daytwo.record.ledger.envelope import GENESIS, hash_of, hashed_text
from daytwo.record.ledger.errors import Unwritable
from daytwo.record.ledger.reading import head_version, stream_events
from daytwo.record.ledger.sql import execute, fetch_all
from daytwo.record.ledger.writer import write
from tests import conftest
from tests.record.ledger.notes import count, heads, intent, note, notes, write_notes


def test_append_chains_each_stream_from_genesis(site):
    write_notes("one", "two")
    write_notes("three")
    events = stream_events("batch/B-1")
    assert [e.version for e in events] == [1, 2, 3]
    assert [e.prev_hash for e in events] == [GENESIS, events[0].hash, events[1].hash]
    assert [e.payload["comment"] for e in events] == ["one", "two", "three"]
    for event in events:
        body = {key: value for key, value in event.envelope().items() if key != "hash"}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert sha256(text.encode()).hexdigest() == event.hash


def test_append_keeps_streams_of_one_command_apart(site):
    pendings = [note("a1", "batch/A"), note("b1", "batch/B"), note("a2", "batch/A")]
    events = write(lambda: append(intent(), pendings))
    assert [(e.stream, e.version, e.command_position) for e in events] == [
        ("batch/A", 1, 0),
        ("batch/B", 1, 1),
        ("batch/A", 2, 2),
    ]
    assert events[2].prev_hash == events[0].hash
    assert events[1].prev_hash == GENESIS
    assert heads("batch/A", "batch/B", "batch/C") == {
        "batch/A": (2, events[2].hash),
        "batch/B": (1, events[1].hash),
    }


def test_append_returns_what_stands_in_the_table(site):
    returned = write(lambda: append(intent(), [note("said", reason='why "so"')]))
    stored = stream_events("batch/B-1")
    assert stored == returned
    assert stored[0].data == returned[0].data
    assert hash_of(stored[0].as_row()) == stored[0].hash


def test_append_of_nothing_writes_nothing(site):
    before = count()
    assert write(lambda: append(intent(), [])) == []
    assert count() == before


def test_second_event_of_one_version_is_refused(site):
    """(stream, version) is the optimistic lock: the database itself says no to the slower one."""
    write_notes("one", "two")
    stood = stream_events("batch/B-1")[1]
    rival = (10**6, *stood.as_row()[1:13], "rival-command", *stood.as_row()[14:])
    with pytest.raises(DatabaseError):
        execute(_INSERT, rival)
    assert [e.payload["comment"] for e in stream_events("batch/B-1")] == ["one", "two"]


@pytest.mark.parametrize(
    "stream",
    ["batch", "batch/", "Batch/B-1", "batch/B 1", 'batch/B"1', "batch/ß", "batch/B\n", "", "/x"],
)
def test_stream_name_outside_the_character_set_is_a_fault(site, stream):
    before = count()
    with pytest.raises(Fault, match="stream"):
        write(lambda: append(intent(), [note(stream=stream)]))
    assert count() == before


@pytest.mark.parametrize("command_id", ['a"b', "a b", "", "ä", "a" * 101, "a\n"])
def test_command_id_outside_the_character_set_is_a_fault(site, command_id):
    given_ = intent("12345678")
    bad = type(given_)(command_id, "test.note", "", given_.actor, given_.origin)
    with pytest.raises(Fault, match="command id"):
        write(lambda: append(bad, [note()]))


@given(st.text(max_size=120))
def test_identifier_is_written_as_it_is_or_refused(text):
    try:
        assert check_identifier(text, "It") == text
    except Fault:
        return
    assert json.dumps(text) == f'"{text}"'
    assert len(text) <= 100


def test_times_are_the_servers_and_the_acts(site):
    moment = datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC)
    with clock_set(lambda: moment):
        (native,) = write_notes("now").events
        earlier = note("then", occurred_at=moment - timedelta(days=3))
        (told,) = write(lambda: append(intent(), [earlier]))
    assert native.occurred_text == native.recorded_text == "2026-02-28T23:59:59.999999Z"
    assert told.occurred_text == "2026-02-25T23:59:59.999999Z"
    assert told.recorded_text == "2026-02-28T23:59:59.999999Z"


def test_number_of_a_removed_last_event_is_not_given_again(site):
    if conftest.POSTGRESQL:
        pytest.skip("a PostgreSQL sequence never goes back; this is about SQLite's AUTOINCREMENT")
    last = write_notes("one", "two").events[-1]
    execute("DROP TRIGGER ledger_event_no_delete")
    execute("DELETE FROM ledger_event WHERE seq = %s", (last.seq,))
    execute("UPDATE ledger_stream SET version = 1 WHERE stream = 'batch/B-1'")
    assert write_notes("three").events[0].seq == last.seq + 1


def test_prior_returns_a_commands_events_in_their_order(site):
    receipt = write(lambda: append(intent("command-1"), [note("a", "batch/B"), note("b")]))
    write_notes("other")
    assert prior("command-1") == receipt
    assert prior("command-2") == []


def test_head_row_follows_the_last_event(site):
    last = write_notes("one", "two").events[-1]
    assert heads("batch/B-1") == {"batch/B-1": (2, last.hash)}
    assert head_version("batch/B-1") == 2
    assert head_version("batch/none") == 0


def test_lock_of_streams_waits_only_for_the_same_stream(site):
    if not conftest.POSTGRESQL:
        pytest.skip("SQLite has one writer; the lock is PostgreSQL's")
    name = connection.get_connection_params() | {"dbname": connection.settings_dict["NAME"]}
    import psycopg

    where = {key: name[key] for key in ("host", "user", "dbname")}
    with psycopg.connect(**where) as other, transaction.atomic():
        lock_streams(["batch/A"])
        query = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
        assert other.execute(query, ("batch/A",)).fetchone() == (False,)
        assert other.execute(query, ("batch/B",)).fetchone() == (True,)


@pytest.mark.skipif(not conftest.POSTGRESQL, reason="SQLite's queue serves in order")
def test_who_waits_too_long_for_a_stream_is_refused_and_it_is_free_after(site, monkeypatch):
    monkeypatch.setattr(append_module, "LOCK_PATIENCE_MS", 200)
    other = connection.copy("other")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('batch/B-1', 0))")
        with pytest.raises(Unwritable):
            write_notes("too early")
        write_notes("elsewhere", stream="batch/B-2")
        cursor.execute("COMMIT")
    other.close()
    write_notes("after")
    assert notes() == ["after"]
    assert fetch_all("SHOW lock_timeout") == [("0",)]


def test_unknown_event_class_is_a_fault(site):
    with pytest.raises(Fault, match="is not an event"):
        write(lambda: append(intent(), [Pending("batch/B-1", object())]))


def test_every_event_name_and_schema_needs_no_quoting():
    for entry in entries():
        assert json.dumps(entry.name) == f'"{entry.name}"'
        assert isinstance(entry.schema, int)


def test_quotes_in_names_and_reasons_do_not_break_the_envelope(site):
    given_ = intent()
    actor = type(given_.actor)("olga", 'Olga "O" \\ B\u2028', "rôle\n")
    quoted = type(given_)(given_.command_id, "test.note", "", actor, given_.origin)
    (event,) = write(lambda: append(quoted, [note("\u0000 \U0001f48a", reason='"};')]))
    (stored,) = stream_events("batch/B-1")
    assert json.loads(hashed_text(stored.as_row()))["actor_name"] == actor.name
    assert stored == event
