"""What a thread used is closed by another one, and by none before it has ended."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

from daytwo.kernel.threads import Belongings


class Thing:
    def __init__(self) -> None:
        self.closed_by: list[int] = []

    def close(self) -> None:
        self.closed_by.append(threading.get_ident())


def test_things_of_ended_threads_are_closed_by_who_comes_next():
    of: Belongings[Thing] = Belongings(Thing.close)
    things = [Thing() for _ in range(4)]

    def use(thing: Thing) -> None:
        of.put(thing)
        assert of.mine() is thing

    for thing in things[:3]:
        worker = threading.Thread(target=use, args=(thing,))
        worker.start()
        worker.join()
    # The second closed the first one's, the third the second one's; the last is left to us.
    assert [len(thing.closed_by) for thing in things] == [1, 1, 0, 0]
    assert of.close_left() == 1
    assert things[2].closed_by == [threading.get_ident()]


def test_thing_of_a_living_thread_is_left_alone_and_its_own():
    of: Belongings[Thing] = Belongings(Thing.close)
    here, there = Thing(), Thing()
    of.put(here)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(of.put, there).result()
        assert (of.mine(), pool.submit(of.mine).result()) == (here, there)
        assert of.close_left() == 0
    assert of.close_left() == 1
    assert (here.closed_by, len(there.closed_by)) == ([], 1)


def test_belongings_that_are_dropped_keep_nothing_alive():
    """A thread that lives long has many of them, one after the other."""
    of: Belongings[Thing] = Belongings(Thing.close)
    thing = Thing()
    of.put(thing)
    gone = weakref.ref(of), weakref.ref(thing)
    del of, thing
    gc.collect()
    assert [ref() for ref in gone] == [None, None]


def test_thing_put_in_place_of_another_is_the_threads_business():
    """Whoever opens anew has closed what was: only what is left behind is closed here."""
    of: Belongings[Thing] = Belongings(Thing.close)
    first, second = Thing(), Thing()
    of.put(first)
    of.put(second)
    assert of.mine() is second
    assert (of.close_left(), first.closed_by) == (0, [])
