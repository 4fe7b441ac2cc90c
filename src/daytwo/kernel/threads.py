"""What a thread uses and another one closes: nothing is destroyed while its thread ends.

A server's threads are foreign to Python and end when nobody asks for anything. Until Python 3.12.4
a destructor that asks for the interpreter's lock while the state of such a thread is cleared frees
it twice, and the process dies (cpython issue 119585). A cursor of DuckDB that has a table of Arrow
registered has such a destructor.
"""

from __future__ import annotations

import threading
import weakref
from itertools import count
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class _Mark:
    """Ends with its thread."""


class Belongings(Generic[T]):
    """One thing a thread, held for it here."""

    def __init__(self, close: Callable[[T], object]) -> None:
        """Take how a thing is closed, by any thread."""
        self._close = close
        self._of_thread = threading.local()
        self._numbers = count()
        self._held: dict[int, T] = {}
        self._left: SimpleQueue[T] = SimpleQueue()

    def mine(self) -> T | None:
        """Return what this thread has put here; None before that."""
        number = getattr(self._of_thread, "number", None)
        return None if number is None else self._held.get(number)

    def put(self, thing: T) -> None:
        """Hold a thing for this thread, in place of what it had; close what ended threads left."""
        self.close_left()
        number = getattr(self._of_thread, "number", None)
        if number is None:
            number = self._of_thread.number = next(self._numbers)
            mark = self._of_thread.mark = _Mark()
            # By a weak reference: who drops these belongings drops all that is in them.
            weakref.finalize(mark, _leave, weakref.ref(self), number).atexit = False
        self._held[number] = thing

    def close_left(self) -> int:
        """Close what ended threads have left; return how many things that were."""
        closed = 0
        while True:
            try:
                thing = self._left.get_nowait()
            except Empty:
                return closed
            self._close(thing)
            closed += 1

    def leave(self, number: int) -> None:
        """Take what an ended thread had to what is to be closed."""
        self._left.put(self._held.pop(number))


def _leave(of: weakref.ref[Belongings[Any]], number: int) -> None:
    if (belongings := of()) is not None:
        belongings.leave(number)
