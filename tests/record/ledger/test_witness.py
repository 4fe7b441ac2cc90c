"""The witness outside: hostile files and damaged rows are named, and never stop a verification."""

from __future__ import annotations

import json

import pytest

from daytwo.kernel.canonical import canonical
from daytwo.record.ledger.checkpoint import heads_of, make_checkpoint, read_stored
from daytwo.record.ledger.sql import fetch_all
from daytwo.record.ledger.verify import verify
from daytwo.record.ledger.witness import STREAM, sound_checkpoints
from tests import conftest
from tests.record.ledger import attacks
from tests.record.ledger.notes import write_notes

pytestmark = pytest.mark.requirement("R02")


@pytest.fixture
def checked(site):
    for number in range(3):
        write_notes(f"round {number}")
        make_checkpoint(site)
    return site


def look(directory) -> tuple[list[int], list[tuple[int, str]]]:
    """Return the numbers of the sound checkpoints and what was named."""
    named: list[tuple[int, str]] = []

    def name(stream: str, number: int, why: str) -> None:
        assert stream == STREAM
        named.append((number, why))

    return [c.number for c in sound_checkpoints(directory, name)], named


def file(directory, number: int):
    return directory / "checkpoints" / f"{number:06d}.json"


def test_sound_checkpoints_come_in_order_from_files_and_rows(checked):
    assert look(checked) == look(None) == ([1, 2, 3], [])
    assert heads_of(sound_checkpoints(None, print))["batch/B-1"][0] == 3


def test_record_without_checkpoints_needs_no_folder(site):
    assert look(site) == look(None) == ([], [])


def test_missing_file_is_named_and_the_row_stands_in(checked):
    file(checked, 2).unlink()
    numbers, ((number, why),) = look(checked)
    assert (numbers, number) == ([1, 2, 3], 2)
    assert "the exported file is missing" in why


def test_missing_row_is_named_and_the_file_stands_in(checked):
    attacks.do("DELETE FROM ledger_checkpoint WHERE number = 2")
    assert look(checked) == ([1, 2, 3], [(2, "is missing from the database")])


def test_doctored_file_is_named_and_the_row_stands_in(checked):
    content = json.loads(file(checked, 2).read_bytes())
    content["body"]["made_at"] = "2001-01-01T00:00:00.000000Z"
    file(checked, 2).write_bytes(canonical(content))
    numbers, named = look(checked)
    assert numbers == [1, 2, 3]
    assert {number for number, _ in named} == {2}
    assert any("the signature does not hold" in why for _, why in named)


def test_doctored_row_is_named_and_the_file_stands_in(checked):
    attacks.do("UPDATE ledger_checkpoint SET signature = 'AAAA' WHERE number = 3")
    numbers, named = look(checked)
    assert (numbers, {number for number, _ in named}) == ([1, 2, 3], {3})


def test_checkpoint_missing_in_both_places_is_named(checked):
    file(checked, 2).unlink()
    attacks.do("DELETE FROM ledger_checkpoint WHERE number = 2")
    _, named = look(checked)
    assert {2, 3} == {number for number, _ in named}, "the gap, and what no longer follows"


GOOD = {
    "number": 2,
    "made_at": "",
    "last_seq": 1,
    "streams": 1,
    "root": "",
    "previous": None,
    "changed": [],
    "key": "",
}
HOSTILE = (
    GOOD | {"more": float("nan")},
    GOOD | {"last_seq": 10**400},
    GOOD | {"streams": 2**53},
    GOOD | {"root": "\ud800"},
    GOOD | {"key": "\ud800"},
    GOOD | {"key": "ä"},
    GOOD | {"number": True},
    GOOD | {"number": -1},
    GOOD | {"number": 10**9},
    GOOD | {"changed": [["batch/B-1", 1]]},
    GOOD | {"changed": ["abc"]},
    GOOD | {"changed": [[1, 2, 3]]},
    GOOD | {"changed": [["batch/\ud800", 2, "x"]]},
    GOOD | {"changed": [["batch/B-1", 10**30, "x"]]},
    GOOD | {"changed": [["batch/B-1", -5, "x"]]},
    {},
    [],
    None,
    "text",
)


def test_hostile_file_is_named_and_stops_nothing(checked):
    for body in HOSTILE:
        for signature in ("", "AAAA", 7, None, "\ud800"):
            file(checked, 2).write_text(json.dumps({"body": body, "signature": signature}))
            result = verify(checked)
            assert {b.version for b in result.broken if b.stream == STREAM} >= {2}, body
            assert result.checkpoints == 3


@pytest.mark.parametrize("name", ["000099.json", "x.json", "-1.json", "٣.json", "1.json"])
def test_stray_file_stops_nothing(checked, name):
    (checked / "checkpoints" / name).write_text("{}")
    assert isinstance(verify(checked).broken, list)
    assert look(checked)[0][:3] == [1, 2, 3]


@pytest.mark.skipif(conftest.POSTGRESQL, reason="this is about SQLite's one file")
def test_every_flipped_byte_of_a_stored_checkpoint_is_named(checked):
    fetch_all("PRAGMA wal_checkpoint(TRUNCATE)")
    text = read_stored()[1].as_file()
    attacks.leave()
    path = checked / "daytwo.sqlite3"
    original = path.read_bytes()
    body = canonical(json.loads(text)["body"])
    start = original.index(body) - 64 - 30
    silent = []
    for place in range(start, start + len(body) + 64 + 30 + 88, 3):
        flipped = bytearray(original)
        flipped[place] ^= 1 << (place % 8)
        path.write_bytes(flipped)
        if verify(checked).ok:
            silent.append(place - start)
        attacks.leave()
    path.write_bytes(original)
    assert silent == []
