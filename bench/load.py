"""Load: steps done one after another by a number of threads, and how long each one took."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.rounds import percentile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(slots=True)
class Taken:
    """What a load took.

    Attributes:
        seconds: From the first start to the last end.
        cpu: Processor seconds of this process meanwhile, which other programs disturb less.
        waits: Seconds of each piece of work.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Pieces of work a second."""
        return len(self.waits) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Processor time of a piece of work, in ms."""
        return self.cpu * 1000 / len(self.waits)

    def ms(self, share: float) -> float:
        """Return a percentile of the waits, in ms."""
        return percentile(self.waits, share) * 1000


def drive(
    hands: Sequence[Sequence[Callable[[], object]]],
    *,
    after: Callable[[], object] = lambda: None,
) -> Taken:
    """Let each hand do its pieces of work in order, every hand in a thread of its own.

    Args:
        hands: For each thread what it does; one hand alone works in this thread. A piece that
            returns a float has timed itself: that many seconds count, not what went before.
        after: Done by each thread at its end; not timed.

    Raises:
        RuntimeError: A piece of work failed; the figure would mean nothing.
    """
    taken = Taken()
    failed: list[BaseException] = []
    ends: list[float] = []
    gate = threading.Barrier(len(hands))

    def work(pieces: Sequence[Callable[[], object]]) -> None:
        waits = []
        gate.wait()
        try:
            for piece in pieces:
                start = time.perf_counter()
                own = piece()
                whole = time.perf_counter() - start
                waits.append(own if isinstance(own, float) else whole)
        except BaseException as error:  # noqa: BLE001 - told below, in the thread that asked
            failed.append(error)
        taken.waits.extend(waits)
        ends.append(time.perf_counter())
        after()

    threads = [threading.Thread(target=work, args=(pieces,)) for pieces in hands[1:]]
    for thread in threads:
        thread.start()
    start, cpu = time.perf_counter(), time.process_time()
    work(hands[0])
    for thread in threads:
        thread.join()
    taken.seconds, taken.cpu = max(ends) - start, time.process_time() - cpu
    if failed:
        message = f"{len(failed)} of {len(hands)} hands failed"
        raise RuntimeError(message) from failed[0]
    return taken
