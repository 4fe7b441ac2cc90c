"""A KPI's answer after one new event, when the history is once, ten and a hundred times as long."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import count
from statistics import median
from typing import TYPE_CHECKING

from bench.figures import Figure, context
from bench.plan import Ground, Measurement, Scale
from bench.rounds import timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.record.ledger.append import Pending
    from daytwo.record.ledger.bulk import BulkItem

FRESH_SECONDS = 1
FLAT = 1.2
ANSWERS = 15
STEPS = 12
GROUP = "KPI answer"
TIMES = (1, 10, 100)


def measure(scale: Scale, ground: Ground) -> list[Figure]:  # noqa: ARG001 - one form for all
    """Measure K1 after one more batch was decided, the history growing between."""
    from daytwo.insight.facts.follow import forget  # noqa: PLC0415 - after setup
    from daytwo.insight.kpis.evaluate import show  # noqa: PLC0415
    from daytwo.record.ledger.bulk import transact_bulk  # noqa: PLC0415

    numbers = count(1)
    figures: list[Figure] = []
    made, at_once = 0, 0.0
    for times in TIMES:
        wanted = scale.history * times
        for _ in transact_bulk(_finished(numbers, wanted - made)):
            pass
        made = wanted
        forget()
        cold = timed(lambda: show("K1"))
        answers = []
        for _ in range(ANSWERS):
            for _ in transact_bulk(_finished(numbers, 1)):
                pass
            answers.append(timed(lambda: show("K1")))
            made += 1
        if show("K1").n != made:
            message = f"K1 counts {show('K1').n} of {made} batches"
            raise RuntimeError(message)
        warm = median(answers)
        at_once = at_once or warm
        figures += _lines(times, made, warm, warm / at_once, cold)
    return figures


def _lines(times: int, batches: int, warm: float, growth: float, cold: float) -> list[Figure]:
    who = f"{times}x ({batches} batches)"
    return [
        Figure(
            GROUP,
            f"K1 after one new event, {who}",
            warm * 1000,
            "ms",
            budget=f"<= {FRESH_SECONDS * 1000} ms",
            met=warm <= FRESH_SECONDS,
        ),
        Figure(
            GROUP,
            "  beside itself at 1x",
            growth,
            "x",
            budget=f"<= {FLAT} x",
            met=growth <= FLAT,
        ),
        context(GROUP, "  first answer of a process", cold * 1000, "ms"),
    ]


def _finished(numbers: Iterator[int], how_many: int) -> Iterator[BulkItem]:
    """Yield batches from order to release, each one command, the steps in between."""
    from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup
    from daytwo.record.ledger.append import Intent  # noqa: PLC0415
    from daytwo.record.ledger.bulk import BulkItem  # noqa: PLC0415
    from daytwo.record.ledger.envelope import Actor, Origin  # noqa: PLC0415

    who = Actor("sam", "Sam Keller", "supervisor")
    for _ in range(how_many):
        name = f"H-{next(numbers):07d}"
        intent = Intent(new_id(), "bench.history", "0" * 64, who, Origin("simulation", "bench"))
        yield BulkItem(intent, tuple(_events(name)))


def _events(name: str) -> Iterator[Pending]:
    from daytwo.kernel.clock import now  # noqa: PLC0415 - after setup
    from daytwo.kernel.quantity import Quantity  # noqa: PLC0415
    from daytwo.record.batches import events as b  # noqa: PLC0415
    from daytwo.record.ledger.append import Pending  # noqa: PLC0415
    from daytwo.record.release import events as r  # noqa: PLC0415

    at = partial(Pending, f"batch/{name}")
    begun = now() - timedelta(days=20)
    size = Quantity.parse("1000 tab")
    yield at(
        b.BatchPlanned(name, "O-1", "P-1", "Product", "", size, "M-1", 1, "0" * 64, None, []), begun
    )
    yield at(b.BatchStarted(name), begun + timedelta(hours=1))
    for number in range(STEPS):
        done = begun + timedelta(hours=2 + number)
        yield at(b.StepCompleted(name, f"S-{number}", "conforming", verification_due=False), done)
    hours = int(name.rpartition("-")[2]) % 200
    yield at(b.ManufactureEnded(name), begun + timedelta(days=1))
    yield at(b.RecordCompleted(name), begun + timedelta(days=2))
    decided = r.BatchDecided(name, "released", "conforms")
    yield at(decided, begun + timedelta(days=3, hours=hours))


MEASUREMENT = Measurement("kpi", ("disk",), measure)
