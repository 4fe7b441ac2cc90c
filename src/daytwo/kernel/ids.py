"""Identifiers: UUID version 7 as text, in order of their making within a process.

References:
    RFC 9562, 5.7 (layout) and 6.2, method 2 (monotonic random).
"""

from __future__ import annotations

import os
import re
import threading
import time

_TAIL_BITS = 74
_TAIL_MASK = (1 << _TAIL_BITS) - 1
_LOW_BITS = 62
_LOW_MASK = (1 << _LOW_BITS) - 1
_VERSION = 0x7 << 12
_VARIANT = 0b10 << _LOW_BITS
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class _Sequence:
    """The last id made by this process, so that the next one is greater."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.last = 0

    def next(self) -> int:
        """Return 48 bits of Unix milliseconds followed by 74 bits, greater than all before."""
        # System time, not the house clock: a simulated or frozen clock must not make ids collide.
        milliseconds = time.time_ns() // 1_000_000
        chance = int.from_bytes(os.urandom(10), "big")
        with self.lock:
            if milliseconds > self.last >> _TAIL_BITS:
                # The top bit starts at zero: room to count up within this millisecond.
                self.last = (milliseconds << _TAIL_BITS) | (chance & (_TAIL_MASK >> 1))
            else:
                # Same millisecond, or the system clock stepped back: count on by a random step;
                # an overflow of the tail carries into the milliseconds, which keeps the order.
                self.last += 1 + (chance & 0xFFFF_FFFF)
            return self.last


_sequence = _Sequence()


def _restart() -> None:
    """Give a forked child its own lock and a fresh random tail."""
    global _sequence  # noqa: PLW0603 - the child replaces what it inherited
    _sequence = _Sequence()


os.register_at_fork(after_in_child=_restart)


def new_id() -> str:
    """Return a new UUIDv7 as 36 characters; each sorts after those made before in this process."""
    ordered = _sequence.next()
    tail = ordered & _TAIL_MASK
    milliseconds = ordered >> _TAIL_BITS
    head = (milliseconds << 16) | _VERSION | (tail >> _LOW_BITS)
    digits = f"{(head << 64) | _VARIANT | (tail & _LOW_MASK):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def is_id(text: object) -> bool:
    """Tell whether this is an id in its one spelling: lower case, hyphens, version 7 or 4.

    Version 4 is what a browser's `crypto.randomUUID()` makes for a command id.
    """
    return isinstance(text, str) and _ID.fullmatch(text) is not None
