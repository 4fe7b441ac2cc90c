"""A step with much history behind it, beside a step with next to none."""

from __future__ import annotations

import gc
from statistics import median
from typing import TYPE_CHECKING

from bench import imports
from bench.figures import Figure
from bench.load import drive
from bench.plan import Ground, Measurement, Scale
from bench.site import OPERATORS, issue
from bench.step import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAT = 1.2
GROUP = "step and history"


def measure(scale: Scale, ground: Ground) -> list[Figure]:  # noqa: ARG001 - one form for all
    """Measure in processor time, which a busy machine disturbs least."""
    free = iter(issue(f"G-{number:05d}" for number in range(2 * scale.rounds * scale.alone + 1)))
    drive([steps(next(free), OPERATORS[0])])
    before = _cpu_ms(scale, free)
    events = imports.append(1, scale.chain // imports.EVENTS)
    after = _cpu_ms(scale, free)
    ratio = after / before
    return [
        Figure(
            GROUP,
            f"processor time after {events} more events",
            after,
            "ms",
            "ms before",
            before,
            ratio,
            f"<= {FLAT} x",
            ratio <= FLAT,
        )
    ]


def _cpu_ms(scale: Scale, free: Iterator[str]) -> float:
    taken = []
    for _ in range(scale.rounds):
        gc.collect()
        pieces = [s for _ in range(scale.alone) for s in steps(next(free), OPERATORS[0])]
        taken.append(drive([pieces]).cpu_ms)
    return median(taken)


MEASUREMENT = Measurement("growth", ("disk",), measure)
