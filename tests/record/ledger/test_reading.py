"""Reading the trail: by stream, by number, and searched by who, what, when and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daytwo.kernel.clock import clock_set, stamp
from daytwo.record.ledger.append import Intent
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor
from daytwo.record.ledger.reading import (
    SORTABLE,
    events,
    head_version,
    last_seq,
    numbered,
    one_event,
    search,
    stream_events,
)
from tests.record.ledger.notes import NATIVE, intent, note, write_notes

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def said(found) -> list[str]:
    return [event.payload["comment"] for event in found]


def at(hours: int, who: str, text: str, reason: str | None, stream: str) -> None:
    with clock_set(lambda: START + timedelta(hours=hours)):
        by = Actor(who, who.title(), "operator")
        mine = Intent(intent().command_id, "test.note", "", by, NATIVE)
        transact(mine, lambda: [note(text, stream, reason=reason)])


@pytest.fixture
def trail(site):
    at(0, "olga", "a", "spilled 5 % of it", "batch/B-1")
    at(1, "otto", "b", None, "batch/B-1")
    at(2, "olga", "c", "Typing slip", "batch/B-2")
    at(3, "zoe", "d", "100!_", "batch/B-10")
    return {"type_": "batch.comment"}


def test_stream_is_read_oldest_first(trail):
    assert said(stream_events("batch/B-1")) == ["a", "b"]
    assert stream_events("batch/none") == []


def test_one_event_is_found_by_its_number(trail):
    (first, second) = stream_events("batch/B-1")
    assert one_event(second.seq) == second
    assert one_event(10**9) is None
    assert last_seq() >= second.seq > first.seq
    assert head_version("batch/B-1") == 2


def test_events_come_in_the_ledgers_order_whatever_the_page(trail):
    whole = list(events())
    assert [e.seq for e in whole] == sorted(e.seq for e in whole)
    assert list(events(page=1)) == list(events(page=7)) == whole
    assert list(events(after_seq=whole[-2].seq)) == whole[-1:]
    assert said(events(["batch.comment.added"])) == ["a", "b", "c", "d"]
    types = ["access.person.registered", "batch.comment.added"]
    assert {e.type for e in events(types, page=2)} == set(types)


@pytest.mark.requirement("R08")
def test_trail_is_searched_by_who(trail):
    assert said(search(actor="olga", order="seq", **trail)) == ["a", "c"]
    assert search(actor="nobody", **trail) == []
    assert search(actor="olg", **trail) == []


@pytest.mark.requirement("R08")
def test_trail_is_searched_by_what(trail):
    assert said(search(stream="batch/B-1", order="seq")) == ["a", "b", "d"]
    assert {e.type for e in search(type_="access.role", limit=1000)} == {"access.role.granted"}
    assert search(type_="batch_comment") == [], "an underscore is no wildcard"
    assert search(stream="batch/%") == []


@pytest.mark.requirement("R08")
def test_trail_is_searched_by_when(trail):
    since, until = stamp(START + timedelta(hours=1)), stamp(START + timedelta(hours=3))
    assert said(search(since=since, until=until, order="seq", **trail)) == ["b", "c"]


@pytest.mark.requirement("R08")
def test_trail_is_searched_by_why(trail):
    assert said(search(reason="spilled", **trail)) == ["a"]
    assert said(search(reason="5 %", **trail)) == ["a"]
    assert said(search(reason="!_", **trail)) == ["d"]
    assert said(search(reason="slip", **trail)) == ["c"]
    assert search(reason="%%%", **trail) == []


@pytest.mark.requirement("R08")
def test_search_for_words_does_not_ask_for_their_case(trail):
    assert said(search(reason="TYPING", **trail)) == ["c"]


@pytest.mark.requirement("R08")
@pytest.mark.parametrize("field", SORTABLE)
def test_trail_is_sorted_by_any_field_both_ways(trail, field):
    down = said(search(order=f"-{field}", **trail))
    up = said(search(order=field, **trail))
    assert sorted(up) == ["a", "b", "c", "d"]
    assert up == down[::-1]
    if field == "actor_id":
        assert up == ["a", "c", "b", "d"]
    if field == "recorded_at":
        assert up == ["a", "b", "c", "d"]


@pytest.mark.requirement("R08")
def test_search_is_paged(trail):
    pages = [said(search(order="seq", limit=2, offset=n, **trail)) for n in (0, 2, 4)]
    assert pages == [["a", "b"], ["c", "d"], []]


@pytest.mark.parametrize("order", ["payload", "seq; DROP TABLE ledger_event", "", "--seq", "1"])
def test_order_that_is_not_offered_falls_back_to_the_ledgers(trail, order):
    assert sorted(said(search(order=order, **trail))) == ["a", "b", "c", "d"]


HOSTILE = ("' OR 1=1 --", "%", "_", "!!", "\\", "ß\u2028", "\ud800", "\x00", "a\x00", "\n" * 9000)


def test_hostile_words_find_nothing_and_break_nothing(trail):
    for words in HOSTILE:
        for where in ("actor", "stream", "type_"):
            assert search(**{where: words}) == [], (where, words)
        found = {event.reason for event in search(reason=words)}
        assert all(words in reason for reason in found)
        assert isinstance(search(since=words, until=words), list)


def test_written_and_read_are_equal(site):
    receipt = write_notes("one", "two")
    assert list(receipt.events) == stream_events("batch/B-1")


def test_many_numbers_are_read_at_once_and_those_not_there_are_left_out(trail):
    every = [event.seq for event in events()]
    found = numbered([*every, 999_999])
    assert sorted(found) == every
    assert all(found[seq] == one_event(seq) for seq in every)
    assert numbered([]) == {}
