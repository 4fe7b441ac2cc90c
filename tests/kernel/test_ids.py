"""Ids: UUID version 7 as the standard lays it out, never twice, in the order of their making."""

from __future__ import annotations

import multiprocessing
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from daytwo.kernel import ids
from daytwo.kernel.ids import is_id, new_id


def test_new_id_is_a_uuid_of_version_7():
    made = uuid.UUID(new_id())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_new_id_is_in_its_one_spelling():
    made = new_id()
    assert len(made) == 36
    assert str(uuid.UUID(made)) == made


def test_new_id_begins_with_the_milliseconds_of_its_making():
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(new_id()).int >> 80
    # A burst of other tests may have carried the sequence some milliseconds ahead.
    assert before <= made <= time.time_ns() // 1_000_000 + 50


def test_new_ids_are_distinct_and_in_order():
    made = [new_id() for _ in range(50_000)]
    assert made == sorted(set(made))


def test_new_ids_of_many_threads_are_distinct():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: [new_id() for _ in range(2_000)], range(8)))
    assert all(each == sorted(each) for each in made)
    assert len({one for each in made for one in each}) == 16_000


def test_new_id_waits_for_its_turn():
    with ThreadPoolExecutor(1) as pool:
        with ids._sequence.lock:
            made = pool.submit(new_id)
            with pytest.raises(TimeoutError):
                made.result(timeout=0.2)
        assert is_id(made.result(timeout=20))


def test_new_ids_keep_their_order_when_the_clock_steps_back(monkeypatch):
    first = new_id()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_000_000_000)
    made = [first, *(new_id() for _ in range(100))]
    assert made == sorted(set(made))
    assert all(is_id(each) for each in made)


def test_new_ids_carry_into_the_milliseconds_when_one_is_full(monkeypatch):
    sequence = ids._Sequence()
    sequence.last = (5 << 74) | ((1 << 74) - 1)
    monkeypatch.setattr(ids, "_sequence", sequence)
    monkeypatch.setattr(ids.time, "time_ns", lambda: 5_000_000)
    made = uuid.UUID(new_id())
    assert made.int >> 80 == 6
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_new_id_leaves_room_to_count_within_a_millisecond(monkeypatch):
    monkeypatch.setattr(ids, "_sequence", ids._Sequence())
    monkeypatch.setattr(ids.os, "urandom", lambda size: b"\xff" * size)
    assert uuid.UUID(new_id()).int >> 75 & 1 == 0
    assert uuid.UUID(new_id()).int >> 62 & 3 == 2


def test_new_ids_count_by_one_at_least_and_keep_every_bit(monkeypatch):
    monkeypatch.setattr(ids, "_sequence", ids._Sequence())
    monkeypatch.setattr(ids.os, "urandom", bytes)
    monkeypatch.setattr(ids.time, "time_ns", lambda: 5_000_000)
    made = [uuid.UUID(new_id()).int & ((1 << 62) - 1) for _ in range(4)]
    assert made == [0, 1, 2, 3]


def test_new_ids_carry_within_the_tail(monkeypatch):
    sequence = ids._Sequence()
    sequence.last = (5 << 74) | ((1 << 62) - 1)
    monkeypatch.setattr(ids, "_sequence", sequence)
    monkeypatch.setattr(ids.os, "urandom", bytes)
    monkeypatch.setattr(ids.time, "time_ns", lambda: 5_000_000)
    assert new_id() == "00000000-0005-7001-8000-000000000000"


def _made_by_child(queue):
    queue.put([new_id() for _ in range(1_000)])


# From Python 3.12 a fork beside threads warns; that is the very case under test.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_forked_children_do_not_repeat_ids(monkeypatch):
    # The clock stands still: only a fresh random tail can keep the children apart.
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_000_000_000_000_000)
    monkeypatch.setattr(ids, "_sequence", ids._Sequence())
    new_id()
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue()
    children = [fork.Process(target=_made_by_child, args=(queue,), daemon=True) for _ in range(2)]
    with ids._sequence.lock:  # held while forking: a child that inherited it would wait for ever
        for child in children:
            child.start()
    made = [queue.get(timeout=20) for _ in children]
    for child in children:
        child.join(20)
    made.append([new_id() for _ in range(1_000)])
    assert len({one for each in made for one in each}) == 3_000
    # Fresh tails, not one tail counted on: the first of each child differ in their high bits.
    assert len({one[0][15:23] for one in made}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",  # RFC 9562, appendix A.6
        "919108f7-52d1-4320-9bac-f847db4148a8",  # RFC 9562, appendix A.3: what a browser makes
    ],
)
def test_is_id_knows_the_published_examples(text):
    assert is_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "017f22e279b07cc398c4dc0c0c07398f",
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
        " 017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
        "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",  # another variant
        "c232ab00-9414-11ec-b3c8-9f6bdeced846",  # version 1: tells a machine's address
        "00000000-0000-0000-0000-000000000000",
        "\u066017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        None,
        7,
        b"017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    ],
)
def test_is_id_rejects_anything_else(text):
    assert not is_id(text)
