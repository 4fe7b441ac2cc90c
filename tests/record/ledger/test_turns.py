"""Turns: so many at once, and the others in the order in which they came."""

from __future__ import annotations

import threading
import time

import pytest

from daytwo.record.ledger.turns import Turns

PATIENCE = 10


def until(true) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.001)


def test_no_more_than_so_many_have_a_turn_and_all_get_one():
    turns, guard = Turns(3), threading.Lock()
    inside, most, done = 0, 0, 0

    def work() -> None:
        nonlocal inside, most, done
        with turns.turn():
            with guard:
                inside += 1
                most = max(most, inside)
            time.sleep(0.002)
            with guard:
                inside -= 1
                done += 1

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert (done, most, inside, turns.waiting) == (20, 3, 0, 0)


def test_who_waits_is_served_in_the_order_of_coming_and_before_a_newcomer():
    turns, served = Turns(1), []

    def work(name: int) -> None:
        with turns.turn():
            served.append(name)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(5)]
    with turns.turn():
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            until(lambda waiting=waiting: turns.waiting == waiting)
    work(99)
    for thread in threads:
        thread.join(PATIENCE)
    assert served == [0, 1, 2, 3, 4, 99]


def test_turn_that_ends_in_an_error_is_handed_on():
    turns = Turns(1)
    with pytest.raises(LookupError), turns.turn():
        raise LookupError
    with turns.turn():
        pass
