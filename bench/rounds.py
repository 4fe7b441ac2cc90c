"""Fair rounds: the two sides alternate, the first changes each time, medians are told."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


def alternate(rounds: int, sides: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Run every side once a round, in turn; the order is reversed in every other round.

    Args:
        rounds: How often.
        sides: By name, a function that does its work once and returns its figure.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds):
        names = list(sides) if number % 2 == 0 else list(reversed(sides))
        for name in names:
            found[name].append(sides[name]())
    return found


def medians(found: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the median of each side."""
    return {name: median(values) for name, values in found.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile by nearest rank; `share` in (0, 1]."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * share // 1))
    return ordered[int(rank) - 1]


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds the work took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def sync_ms(folder: Path, times: int = 50) -> float:
    """Return the median time of one durable write of 4 kB in a folder, in ms."""
    path = folder / "sync-probe"
    taken = []
    handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for _ in range(times):
            os.write(handle, b"\0" * 4096)
            taken.append(timed(lambda: os.fdatasync(handle)))
    finally:
        os.close(handle)
        path.unlink()
    return median(taken) * 1000
