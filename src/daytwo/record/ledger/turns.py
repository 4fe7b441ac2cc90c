"""Turns: a few at once, the others in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Turns:
    """So many turns at once; who ends one hands it to who has waited longest.

    A semaphore of the standard library lets a newcomer pass who waits.
    """

    def __init__(self, at_once: int) -> None:
        """Begin with every turn free.

        Args:
            at_once: How many may have a turn at one time, above 0.
        """
        self._free = at_once
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it; not to be asked for by who has one."""
        mine = self._take()
        if mine is not None:
            mine.acquire()
        try:
            yield
        finally:
            self._hand_on()

    def _take(self) -> threading.Lock | None:
        """Take a free turn, or return what is opened when it is one's own."""
        with self._lock:
            if self._free:
                self._free -= 1
                return None
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
            return mine

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
