"""The envelope: the hashed text is the canonical JSON of the whole event, whatever people write."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daytwo.kernel.canonical import canonical
from daytwo.kernel.clock import stamp
from daytwo.kernel.errors import Refused
from daytwo.record.access.events import PersonRegistered
from daytwo.record.ledger.catalogue import payload_of
from daytwo.record.ledger.envelope import (
    COLUMNS,
    GENESIS,
    Actor,
    Origin,
    Recorded,
    from_row,
    hash_of,
    hashed_text,
)

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,40}", fullmatch=True)
STREAMS = st.builds("{}/{}".format, st.from_regex(r"[a-z_]+", fullmatch=True), IDS)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(stamp)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)
TREES = st.dictionaries(WORDS, JSON, max_size=5)
ORIGINS = st.builds(Origin, IDS, WORDS, st.none() | TREES).map(Origin.text)
ROWS = st.tuples(
    st.integers(1, 2**53 - 1),
    STREAMS,
    st.integers(1, 10**9),
    st.from_regex(r"[a-z]+(\.[a-z_]+)+", fullmatch=True),
    st.integers(1, 99),
    TREES.map(lambda tree: canonical(tree).decode()),
    MOMENTS,
    MOMENTS,
    IDS,
    WORDS,
    WORDS,
    ORIGINS,
    st.none() | WORDS,
    IDS,
    st.integers(0, 999),
    IDS,
    st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
)


def envelope(row) -> dict:
    """Return what is hashed, written out once more, slowly."""
    names = dict(zip(COLUMNS, row, strict=False))
    return names | {"payload": json.loads(row[5]), "origin": json.loads(row[11])}


@given(ROWS)
def test_hashed_text_is_the_canonical_envelope(row):
    text = hashed_text(row)
    assert text.encode() == canonical(envelope(row))
    assert hash_of(row) == sha256(canonical(envelope(row))).hexdigest()


def test_hashed_text_of_the_awkward_characters_is_canonical():
    awkward = 'Zoë "Ö" \\ \b\t\n\f\r\x00\x1f\x7f\x80\u2028\ufffe\U0001f48a/<&'
    row = (
        1,
        "batch/B-1",
        1,
        "batch.planned",
        1,
        canonical({awkward: awkward, "\U0001f48a": 1, "\ufb01": 2}).decode(),
        stamp(datetime(1, 1, 1, tzinfo=UTC)),
        stamp(datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        "olga",
        awkward,
        awkward,
        Origin("import", awkward, {awkward: [awkward, None]}).text(),
        awkward,
        "command-1",
        0,
        "batch.plan",
        "",
        GENESIS,
    )
    assert hashed_text(row).encode() == canonical(envelope(row))


@settings(max_examples=30)
@given(ROWS, st.data())
def test_every_column_is_under_the_hash(row, data):
    column = data.draw(st.sampled_from(range(18)))
    other = data.draw(ROWS.filter(lambda drawn: drawn[column] != row[column]))
    changed = (*row[:column], other[column], *row[column + 1 :])
    assert hash_of(changed) != hash_of(row)


@settings(max_examples=30)
@given(ROWS)
def test_recorded_event_and_row_are_the_same(row):
    full = (*row, hash_of(row))
    event = from_row(full)
    assert event.as_row() == full
    assert event.actor == Actor(*row[8:11])
    assert event.envelope() == envelope(row) | {"hash": full[-1]}
    assert stamp(event.occurred_at) == row[6]
    assert stamp(event.recorded_at) == row[7]


def test_event_object_is_read_from_the_payload():
    made = PersonRegistered("olga", "Olga Brandt")
    row = (1, "person/olga", 1, "access.person.registered", 1, canonical(payload_of(made)).decode())
    rest = (*[stamp(datetime(2026, 1, 1, tzinfo=UTC))] * 2, "ada", "Ada", "administrator")
    event = from_row((*row, *rest, Origin("native").text(), None, "command-1", 0, "x", "", "", ""))
    assert event.data == made
    assert event.origin == {"kind": "native", "source": "", "ref": None}


def test_equality_of_events_is_of_what_stands_in_the_table():
    values = dict.fromkeys(Recorded.__dataclass_fields__, "x") | {"actor": Actor("a", "b", "c")}
    assert Recorded(**values) == Recorded(**(values | {"made": object()}))


@pytest.mark.parametrize("text", ["2026-01-01", "", "2026-01-01T00:00:00Z", "yesterday"])
def test_time_that_is_not_canonical_is_refused_when_read(text):
    values = dict.fromkeys(Recorded.__dataclass_fields__, "x") | {"occurred_text": text}
    with pytest.raises(Refused):
        _ = Recorded(**values).occurred_at
