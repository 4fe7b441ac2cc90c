"""Verification names stream and version for everything that an attacker can do to the record."""

from __future__ import annotations

import json
import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from daytwo.kernel.canonical import canonical
from daytwo.record.ledger.checkpoint import Checkpoint, make_checkpoint, public_text
from daytwo.record.ledger.envelope import GENESIS
from daytwo.record.ledger.sql import execute, execute_many, fetch_all
from daytwo.record.ledger.verify import MOST_NAMED, ChainCheck, Verification, verify
from tests import conftest
from tests.record.ledger import attacks
from tests.record.ledger.notes import count, write_notes, write_streams

on_sqlite = pytest.mark.skipif(conftest.POSTGRESQL, reason="this is about SQLite's one file")
on_postgresql = pytest.mark.skipif(not conftest.POSTGRESQL, reason="this is about PostgreSQL")
pytestmark = pytest.mark.requirement("R02")


@pytest.fixture
def ledger(site):
    """Three streams of four events, written in turns, behind the cast's; no checkpoint yet."""
    write_streams("A", "B", "C")
    return site


def named(directory) -> list[tuple[str, int]]:
    return [(broken.stream, broken.version) for broken in verify(directory).broken]


def test_good_record_is_silent(ledger):
    result = verify(ledger)
    assert result.ok
    assert result.broken == []
    assert result.events == count()
    assert result.streams == count("ledger_stream")


CHANGES = {
    "stream": "batch/Z",
    "version": 9,
    "type": "batch.comment.removed",
    "schema": 2,
    "payload": '{"batch_id":"A","comment":"A says nothing","step_id":null}',
    "occurred_at": "2001-01-01T00:00:00.000000Z",
    "recorded_at": "2001-01-01T00:00:00.000000Z",
    "actor_id": "otto",
    "actor_name": "Otto Vogel",
    "actor_role": "quality",
    "origin": '{"kind":"device","ref":null,"source":""}',
    "reason": "because",
    "command_id": "another-command",
    "command_position": 7,
    "command_name": "batch.other",
    "command_digest": "1" * 64,
    "prev_hash": "1" * 64,
    "hash": "1" * 64,
    "seq": 1_000_000,
}


def test_every_changed_column_is_named(ledger):
    seq, (row,) = attacks.seq_of("batch/A", 2), fetch_all(_ROW)
    for (column, value), stood in zip(CHANGES.items(), row, strict=True):
        attacks.do((f"UPDATE ledger_event SET {column} = %s WHERE seq = %s", (value, seq)))
        found = named(None)
        moved = column in {"stream", "version", "seq"}
        assert (("batch/A", 3) in found) if moved else (found[0] == ("batch/A", 2)), column
        assert {stream for stream, _ in found} <= {"batch/A", "batch/Z"}
        where = (stood, value if column == "seq" else seq)
        attacks.do((f"UPDATE ledger_event SET {column} = %s WHERE seq = %s", where))
    assert verify(None).ok


_ROW = f"SELECT {', '.join(CHANGES)} FROM ledger_event WHERE stream = 'batch/A' AND version = 2"


@on_sqlite
@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80])
def test_flipped_byte_in_the_file_is_named(ledger, mask):
    attacks.flip_byte(b'"A says 2"', 4, mask)
    assert named(None) == [("batch/A", 2)]


@on_sqlite
def test_flipped_byte_in_a_hash_is_named(ledger):
    (text,) = fetch_all("SELECT hash FROM ledger_event WHERE stream = 'batch/A' AND version = 4")[0]
    execute("DELETE FROM ledger_stream WHERE stream = 'batch/A'")
    attacks.flip_byte(text.encode(), 10)
    assert named(None)[0] == ("batch/A", 4)


@on_sqlite
def test_every_flipped_byte_of_an_event_is_named_in_words_that_can_be_printed(ledger):
    """Wherever in the row it lies: identifiers, times, hashes, the lengths of the columns."""
    path, (start, end) = ledger / "daytwo.sqlite3", _row_extent(ledger)
    original = path.read_bytes()
    silent = []
    for place in range(start, end):
        bits = range(8) if place < start + THOROUGHLY else (place % 8,)
        for bit in bits:
            flipped = bytearray(original)
            flipped[place] ^= 1 << bit
            path.write_bytes(flipped)
            result = verify(None)
            attacks.leave()
            if result.ok:
                silent.append((place - start, bit))
            for broken in result.broken:
                f"{broken.stream} {broken.version} {broken.why}".encode()
    path.write_bytes(original)
    assert silent == []


HEADER, THOROUGHLY = 21, 40
"""Bytes of the row's header that say what each column is and how long; there, try every bit."""


def _row_extent(directory) -> tuple[int, int]:
    """Return where the second event of A lies in the file: from its header to its hash."""
    fetch_all("PRAGMA wal_checkpoint(TRUNCATE)")
    hash_ = fetch_all("SELECT hash FROM ledger_event WHERE stream='batch/A' AND version=2")[0][0]
    attacks.leave()
    data = (directory / "daytwo.sqlite3").read_bytes()
    said = data.index(b'"A says 2"')
    start = data.rindex(b"batch/A", 0, said) - HEADER
    return start, data.index(hash_.encode(), said) + len(hash_)


def test_dropped_last_event_is_named_by_its_streams_head(ledger):
    attacks.do("DELETE FROM ledger_event WHERE stream = 'batch/B' AND version = 4")
    assert named(None) == [("batch/B", 4)]


def test_dropped_last_event_is_named_by_the_checkpoint_though_the_head_was_doctored(ledger):
    make_checkpoint(ledger)
    attacks.do("DELETE FROM ledger_event WHERE stream = 'batch/B' AND version > 2")
    attacks.rechain("batch/B")
    assert named(ledger) == named(None) == [("batch/B", 3)]
    attacks.do("DELETE FROM ledger_checkpoint")
    assert named(None) == [], "without any witness nobody could tell"
    assert ("batch/B", 3) in named(ledger), "the exported file can"


def test_dropped_first_and_only_event_is_named(ledger):
    write_notes("alone", stream="batch/D")
    attacks.do("DELETE FROM ledger_event WHERE stream = 'batch/D'")
    assert named(None) == [("batch/D", 1)]


def test_dropped_stream_is_named_by_the_checkpoint(ledger):
    make_checkpoint(ledger)
    attacks.do(
        "DELETE FROM ledger_event WHERE stream = 'batch/C'",
        "DELETE FROM ledger_stream WHERE stream = 'batch/C'",
    )
    assert named(ledger) == [("batch/C", 1)]


def test_removed_middle_is_named(ledger):
    attacks.do("DELETE FROM ledger_event WHERE stream = 'batch/A' AND version = 2")
    assert named(None) == [("batch/A", 3)]


def test_removed_first_event_is_named(ledger):
    attacks.do("DELETE FROM ledger_event WHERE stream = 'batch/A' AND version = 1")
    assert named(None) == [("batch/A", 2)]


def test_two_swapped_events_are_named(ledger):
    """Each takes the other's place in the stream: version, predecessor and number."""
    two, three = (attacks.seq_of("batch/A", version) for version in (2, 3))
    move = "UPDATE ledger_event SET version = %s WHERE seq = %s"
    attacks.do((move, (99, two)), (move, (2, three)), (move, (3, two)))
    assert {("batch/A", 2), ("batch/A", 3)} <= set(named(None))


def test_two_swapped_contents_are_named(ledger):
    payloads = dict(fetch_all("SELECT version, payload FROM ledger_event WHERE stream = 'batch/A'"))
    attacks.rewrite("batch/A", 2, payload=payloads[3])
    attacks.rewrite("batch/A", 3, payload=payloads[2])
    assert named(None) == [("batch/A", 2), ("batch/A", 3)]


def test_event_spliced_from_another_stream_is_named(ledger):
    """B's third event is moved into A in place of A's own; both places are named."""
    move = "UPDATE ledger_event SET stream = 'batch/A' WHERE stream = 'batch/B' AND version = 3"
    attacks.do("DELETE FROM ledger_event WHERE stream = 'batch/A' AND version = 3", move)
    assert {("batch/A", 3), ("batch/B", 4)} <= set(named(None))


def test_whole_tail_spliced_with_its_own_hashes_is_named(ledger):
    """The spliced event is made to hash right in its new place; what follows does not fit it."""
    attacks.rewrite("batch/A", 3, payload='{"batch_id":"A","comment":"never","step_id":null}')
    query = "SELECT version, hash FROM ledger_event WHERE stream = 'batch/A' ORDER BY version"
    stood = dict(fetch_all(query))
    attacks.rechain("batch/A")
    attacks.rewrite("batch/A", 4, prev_hash=stood[3], hash=stood[4])
    execute("UPDATE ledger_stream SET hash = %s WHERE stream = 'batch/A'", (stood[4],))
    assert named(None) == [("batch/A", 4)]


def test_rewritten_and_rehashed_stream_is_named_by_the_checkpoint(ledger):
    """The careful attacker hashes everything anew: only the witness outside can tell."""
    make_checkpoint(ledger)
    attacks.rewrite("batch/A", 2, payload='{"batch_id":"A","comment":"fine","step_id":null}')
    attacks.rechain("batch/A")
    assert named(ledger) == named(None) == [("batch/A", 4)]
    attacks.do("DELETE FROM ledger_checkpoint")
    assert named(None) == [], "without any witness nobody could tell"
    assert ("batch/A", 4) in named(ledger), "the exported file can"


def test_rewritten_stream_that_went_on_is_named_by_the_checkpoint(ledger):
    make_checkpoint(ledger)
    attacks.rewrite("batch/A", 4, reason="because")
    attacks.rechain("batch/A")
    write_notes("more", "and more", stream="batch/A")
    assert named(ledger) == [("batch/A", 4)]


HEADS = (
    ("UPDATE ledger_stream SET version = 5 WHERE stream = 'batch/A'", ("batch/A", 5)),
    ("UPDATE ledger_stream SET version = 3 WHERE stream = 'batch/A'", ("batch/A", 4)),
    ("UPDATE ledger_stream SET hash = '1' WHERE stream = 'batch/A'", ("batch/A", 4)),
    ("DELETE FROM ledger_stream WHERE stream = 'batch/A'", ("batch/A", 4)),
    (
        "INSERT INTO ledger_stream (stream, version, hash, seq) VALUES ('batch/Z', 1, '1', 1)",
        ("batch/Z", 1),
    ),
)


def test_doctored_head_is_named(ledger):
    stood = fetch_all("SELECT stream, version, hash, seq FROM ledger_stream")
    for statement, expected in HEADS:
        execute(statement)
        assert named(None) == [expected], statement
        execute("DELETE FROM ledger_stream")
        insert = "INSERT INTO ledger_stream (stream, version, hash, seq) VALUES (%s, %s, %s, %s)"
        execute_many(insert, stood)


def test_several_breaks_are_all_named_once(ledger):
    attacks.rewrite("batch/A", 1, actor_name="Nobody")
    attacks.rewrite("batch/B", 3, actor_name="Nobody")
    attacks.do("DELETE FROM ledger_event WHERE stream = 'batch/C' AND version = 4")
    assert named(None) == [("batch/A", 1), ("batch/B", 3), ("batch/C", 4)]


def test_list_of_breaks_is_bounded():
    result = Verification()
    for number in range(MOST_NAMED + 10):
        result.name("batch/A", number, "broken")
    assert len(result.broken) == MOST_NAMED


# ------------------------------------------------------------------ the guards


@pytest.mark.requirement("R07")
def test_missing_trigger_is_named(ledger):
    statement = "DROP TRIGGER ledger_event_no_delete"
    execute(f"{statement} ON ledger_event" if conftest.POSTGRESQL else statement)
    result = verify(None)
    assert [(b.stream, b.version) for b in result.broken] == [("ledger/guards", 0)]
    assert "ledger_event_no_delete" in result.broken[0].why


@pytest.mark.requirement("R07")
def test_trigger_that_refuses_nothing_is_named(ledger):
    """It bears the right name and does nothing."""
    if conftest.POSTGRESQL:
        execute(
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RETURN NULL; END $$"
        )
    else:
        execute("DROP TRIGGER ledger_event_no_delete")
        execute(
            "CREATE TRIGGER ledger_event_no_delete BEFORE DELETE ON ledger_event"
            " BEGIN SELECT 1; END"
        )
    assert ("ledger/guards", 0) in named(None)


@pytest.mark.requirement("R07")
def test_trigger_moved_to_another_table_is_named(ledger):
    on = "EXECUTE FUNCTION ledger_refuse()" if conftest.POSTGRESQL else "BEGIN SELECT 1; END"
    drop = "DROP TRIGGER ledger_event_no_delete"
    execute(f"{drop} ON ledger_event" if conftest.POSTGRESQL else drop)
    each = "FOR EACH STATEMENT" if conftest.POSTGRESQL else ""
    execute(f"CREATE TRIGGER ledger_event_no_delete BEFORE DELETE ON ledger_stream {each} {on}")
    assert ("ledger/guards", 0) in named(None)


@on_postgresql
@pytest.mark.requirement("R07")
@pytest.mark.parametrize("how", ["DISABLE", "ENABLE REPLICA"])
def test_sleeping_trigger_is_named(ledger, how):
    execute(f"ALTER TABLE ledger_event {how} TRIGGER ledger_event_no_update")
    assert named(None) == [("ledger/guards", 0)]


# ------------------------------------------------------------------ the checkpoints


@pytest.fixture
def checked(ledger):
    """Three checkpoints, the streams going on between them."""
    for number in range(3):
        write_notes(f"round {number}", stream="batch/A")
        make_checkpoint(ledger)
    return ledger


def file(directory, number: int):
    return directory / "checkpoints" / f"{number:06d}.json"


def doctor(directory, number: int, /, **values) -> None:
    content = json.loads(file(directory, number).read_bytes())
    content["body"] |= values
    file(directory, number).write_bytes(canonical(content))


def checkpoint_breaks(directory) -> set[int]:
    return {b.version for b in verify(directory).broken if b.stream == "ledger/checkpoint"}


def test_row_of_checkpoints_holds(checked):
    result = verify(checked)
    assert (result.broken, result.checkpoints) == ([], 3)


DOCTORED = (
    {"root": "0" * 64},
    {"made_at": "2001-01-01T00:00:00.000000Z"},
    {"changed": []},
    {"streams": 1},
    {"previous": "0" * 64},
    {"number": 7},
)


def test_doctored_checkpoint_file_is_named(checked):
    for number in (1, 2, 3):
        good = file(checked, number).read_bytes()
        for values in DOCTORED:
            doctor(checked, number, **values)
            wanted = values.get("number", number)
            assert wanted in checkpoint_breaks(checked), (number, values)
            file(checked, number).write_bytes(good)
    assert verify(checked).ok


def test_removed_checkpoint_file_is_named(checked):
    for number in (1, 2, 3):
        good = file(checked, number).read_bytes()
        file(checked, number).unlink()
        assert checkpoint_breaks(checked), number
        file(checked, number).write_bytes(good)
    assert verify(checked).ok


def test_removed_folder_of_checkpoints_is_named(checked):
    shutil.rmtree(checked / "checkpoints")
    assert checkpoint_breaks(checked)


UNREADABLE = (b"", b"{}", b"[]", b"null", b'{"body":[],"signature":""}', b"\xff", b"[" * 9999)


def test_unreadable_checkpoint_file_is_named(checked):
    for content in UNREADABLE:
        file(checked, 2).write_bytes(content)
        assert checkpoint_breaks(checked), content[:40]


def test_removed_public_key_is_named(checked):
    (checked / "checkpoints" / "public.key").unlink()
    assert checkpoint_breaks(checked)


def test_checkpoints_signed_anew_with_another_key_are_named(checked):
    """The attacker rewrites a stream, every file and the public key beside them to fit."""
    attacks.rewrite("batch/A", 2, actor_name="Nobody")
    attacks.rechain("batch/A")
    _forge(checked, Ed25519PrivateKey.generate())
    assert not verify(checked).ok


def test_rows_of_checkpoints_removed_from_the_database_are_named(checked):
    attacks.do("DELETE FROM ledger_checkpoint WHERE number = 3")
    assert checkpoint_breaks(checked) == {3}


def test_row_of_a_checkpoint_that_differs_from_its_file_is_named(checked):
    attacks.do("UPDATE ledger_checkpoint SET signature = 'AAAA' WHERE number = 2")
    assert checkpoint_breaks(checked) == {2}


def _forge(directory, key: Ed25519PrivateKey) -> None:
    import base64

    from daytwo.kernel.canonical import digest
    from daytwo.kernel.merkle import root
    from daytwo.record.ledger.checkpoint import leaves

    heads = {
        stream: (version, hash_)
        for stream, version, hash_ in fetch_all("SELECT stream, version, hash FROM ledger_stream")
    }
    for path in (directory / "checkpoints").glob("*.json"):
        path.unlink()
    body = {
        "number": 1,
        "made_at": "2026-01-01T00:00:00.000000Z",
        "last_seq": count(),
        "streams": len(heads),
        "root": root(leaves(heads)).hex(),
        "previous": None,
        "changed": [[stream, *heads[stream]] for stream in sorted(heads)],
        "key": public_text(key.public_key()),
    }
    assert digest(body)
    signature = base64.b64encode(key.sign(canonical(body))).decode()
    file(directory, 1).write_bytes(Checkpoint(body, signature).as_file())
    (directory / "checkpoints" / "public.key").write_text(public_text(key.public_key()))


# ------------------------------------------------------------------ the chain alone


def test_chain_check_remembers_only_what_is_watched():
    result = Verification()
    check = ChainCheck(result, set())
    assert check.take([]) == 0
    assert (check.heads, check.seen, check.last_seq) == ({}, {}, 0)
    assert GENESIS == "0" * 64
