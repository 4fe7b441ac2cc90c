"""A KPI's answer after one new event, when the history is once, ten and a hundred times as long."""

from __future__ import annotations

import time
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
    """Measure K1 of the last month after one more batch was decided, the history growing between.

    A site makes as many batches a month at 100x as at 1x: there is only more of the past. The
    facts' files are current before each round, as a scheduler keeps them.
    """
    from daytwo.insight.facts.follow import follower, forget  # noqa: PLC0415 - after setup
    from daytwo.record.ledger.bulk import transact_bulk  # noqa: PLC0415

    numbers = count(1)
    figures: list[Figure] = []
    made, at_once = 0, 0.0
    for times in TIMES:
        wanted = scale.history * times
        for _ in transact_bulk(_finished(numbers, wanted - made, scale.history)):
            pass
        made = wanted
        follower().refresh()
        forget()
        cold = timed(_answer)
        answers: list[float] = []
        worked: list[float] = []
        for _ in range(ANSWERS):
            before = _answer()
            for _ in transact_bulk(_finished(numbers, 1, 0)):
                pass
            taken: list[int] = []
            begun = time.process_time()
            answers.append(timed(lambda taken=taken: taken.append(_answer())))
            worked.append(time.process_time() - begun)
            made += 1
            if taken != [before + 1]:
                message = f"{taken} batches released after {before} and one more"
                raise RuntimeError(message)
        at_once = at_once or median(worked)
        figures += _lines(times, made, median(answers), median(worked) / at_once, cold)
    return figures


def _answer() -> int:
    """Ask for K1 of the last month as `daytwo kpi show` does; return how many batches it counts."""
    from daytwo.insight.kpis import asking  # noqa: PLC0415 - after setup
    from daytwo.kernel.clock import now  # noqa: PLC0415

    today = now().date()
    since, until = today - timedelta(days=30), today + timedelta(days=1)
    return asking.show("K1", since=since.isoformat(), until=until.isoformat()).n


def _lines(times: int, batches: int, warm: float, growth: float, cold: float) -> list[Figure]:
    who = f"{times}x ({batches} batches)"
    return [
        Figure(
            GROUP,
            f"K1 of a month after one new event, {who}",
            warm * 1000,
            "ms",
            budget=f"<= {FRESH_SECONDS * 1000} ms",
            met=warm <= FRESH_SECONDS,
        ),
        Figure(
            GROUP,
            "  processor time beside itself at 1x",
            growth,
            "x",
            budget=f"<= {FLAT} x",
            met=growth <= FLAT,
        ),
        context(GROUP, "  first answer of a process", cold * 1000, "ms"),
    ]


def _finished(numbers: Iterator[int], how_many: int, a_month: int) -> Iterator[BulkItem]:
    """Yield batches from order to release, each one command, the steps in between.

    Args:
        numbers: Of the batches.
        how_many: Of them.
        a_month: Batches a month, each further back than the one before; 0: all of now.
    """
    from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup
    from daytwo.record.ledger.append import Intent  # noqa: PLC0415
    from daytwo.record.ledger.bulk import BulkItem  # noqa: PLC0415
    from daytwo.record.ledger.envelope import Actor, Origin  # noqa: PLC0415

    who = Actor("sam", "Sam Keller", "supervisor")
    for _ in range(how_many):
        number = next(numbers)
        name = f"H-{number:07d}"
        back = timedelta(days=30 * number / a_month) if a_month else timedelta()
        intent = Intent(new_id(), "bench.history", "0" * 64, who, Origin("simulation", "bench"))
        yield BulkItem(intent, tuple(_events(name, back)))


def _events(name: str, back: timedelta) -> Iterator[Pending]:
    from daytwo.kernel.clock import now  # noqa: PLC0415 - after setup
    from daytwo.kernel.quantity import Quantity  # noqa: PLC0415
    from daytwo.record.batches import events as b  # noqa: PLC0415
    from daytwo.record.ledger.append import Pending  # noqa: PLC0415
    from daytwo.record.release import events as r  # noqa: PLC0415

    at = partial(Pending, f"batch/{name}")
    begun = now() - back - timedelta(days=12)
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
