"""A step in process on SQLite: enforced, chained and projected, beside the same rows in raw SQL."""

from __future__ import annotations

import gc
from functools import partial
from itertools import count
from statistics import median
from typing import TYPE_CHECKING

from bench import master
from bench.figures import Figure, at_most, context, rate_beside
from bench.load import Taken, drive
from bench.plan import Ground, Measurement, Scale
from bench.raw import Pattern, RawFile, RawQueue, RawStep
from bench.rounds import alternate, medians, sync_ms
from bench.site import FILE, OPERATORS, close_here, hand, issue, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LEAST = 1 / 3
ALONE = "/s raw alone"
P99_ALONE_MS = 3
WORST_MS = 250


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure at each number of clients; the raw side commits by the same kind of queue."""
    needed = sum(_batches(scale, clients) + scale.alone for clients in scale.clients)
    batches = iter(issue(f"B-{number:05d}" for number in range(needed * scale.rounds + 1)))
    probe = next(batches)
    raw = _raw_file(ground)
    drive([steps(probe, OPERATORS[0])])
    pattern = Pattern(probe)
    figures = [
        context(_group(ground), "durable write of 4 kB (median)", sync_ms(ground.data), "ms"),
        context(_group(ground), "events of a step", pattern.events / master.STEPS, ""),
        context(_group(ground), "bytes of a step's events", pattern.bytes_a_step, "B"),
    ]
    for clients in scale.clients:
        sides = _Sides(clients, _batches(scale, clients), scale.alone, batches, raw, pattern)
        figures += _compare(scale, ground, clients, sides)
    raw.close()
    return figures


def steps(batch_id: str, person: str) -> list[Callable[[], object]]:
    """Return the measured steps of a batch, each as a call of the real command."""
    from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup
    from daytwo.record.batches.commands import complete_step  # noqa: PLC0415 - after setup

    by = hand(person).by

    def one(number: int) -> object:
        return complete_step(
            by,
            command_id=new_id(),
            batch_id=batch_id,
            step_id=master.step_id(number),
            entry=master.entry(number),
        )

    return [partial(one, number) for number in range(1, master.STEPS + 1)]


class _Sides:
    """Every side at one number of clients; each call takes batches that nobody touched."""

    def __init__(
        self,
        clients: int,
        batches: int,
        alone: int,
        free: Iterator[str],
        raw: RawFile,
        pattern: Pattern,
    ) -> None:
        self.clients = clients
        self._batches = batches
        self._alone = alone
        self._free = free
        self._raw = raw
        self._pattern = pattern
        self._waiting: dict[str, list[list[str]]] = {"ours": [], "raw": []}
        self.taken: dict[str, list[Taken]] = {"ours": [], "raw": [], "alone": []}

    def ours(self) -> float:
        """Do the steps by the real command; return the rate."""
        people = count()
        hands = [
            [s for b in share for s in steps(b, OPERATORS[next(people) % len(OPERATORS)])]
            for share in self._shares("ours")
        ]
        return self._drive("ours", hands)

    def raw(self) -> float:
        """Write the same rows for as many clients, through one queue; return the rate."""
        made = self._made(self._shares("raw"))
        queue = RawQueue(self._raw)
        try:
            return self._drive("raw", [[partial(queue.write, s) for s in some] for some in made])
        finally:
            queue.close()

    def alone(self) -> float:
        """Write such rows for one client, a transaction a step; return the rate."""
        (made,) = self._made([[next(self._free) for _ in range(self._alone)]])
        return self._drive("alone", [[partial(self._raw.commit, (s,)) for s in made]])

    def _made(self, shares: Sequence[Sequence[str]]) -> list[list[RawStep]]:
        seq = self._raw.last_seq() + 1
        made = []
        for share in shares:
            some: list[RawStep] = []
            for batch_id in share:
                some += self._pattern.steps(batch_id, seq)
                seq += self._pattern.events
            made.append(some)
        return made

    def _shares(self, side: str) -> list[list[str]]:
        """Return the batches of each client; both sides get the same, each in its own file."""
        if not self._waiting[side]:
            names = [next(self._free) for _ in range(self._batches)]
            for waiting in self._waiting.values():
                waiting.append(names)
        names = self._waiting[side].pop(0)
        return [names[n :: self.clients] for n in range(self.clients)]

    def _drive(self, side: str, hands: Sequence[Sequence[Callable[[], object]]]) -> float:
        gc.collect()
        taken = drive(hands, after=close_here)
        self.taken[side].append(taken)
        return taken.rate


def _compare(scale: Scale, ground: Ground, clients: int, sides: _Sides) -> list[Figure]:
    """Measure ours beside raw rows of one client; with many, also beside a raw shared commit."""
    many = clients > 1
    run = {"ours": sides.ours, "alone": sides.alone} | ({"raw": sides.raw} if many else {})
    rates = medians(alternate(scale.rounds, run))
    cpu = {side: median(t.cpu_ms for t in taken) for side, taken in sides.taken.items() if taken}
    waits = Taken(waits=[wait for taken in sides.taken["ours"] for wait in taken.waits])
    who = f"{clients} client{'s' * many}"
    durable = not ground.label

    def beside(work: str, ours: float, other: float, unit: str, what: str) -> Figure:
        judged = LEAST if durable and what == ALONE else None
        return rate_beside(
            _group(ground), work, ours, unit, beside_what=what, beside=other, least=judged
        )

    def bounded(work: str, value: float, most: float, *, judged: bool) -> Figure:
        if judged:
            return at_most(_group(ground), work, value, "ms", most)
        return context(_group(ground), work, value, "ms")

    figures = [beside(f"unsigned step, {who}", rates["ours"], rates["alone"], "/s", ALONE)]
    if many:
        figures.append(beside("  the same", rates["ours"], rates["raw"], "/s", "/s raw, grouped"))
    figures += [
        beside("  processor time", cpu["ours"], cpu["alone"], "ms", "ms raw alone"),
        context(_group(ground), "  p50", waits.ms(0.5), "ms"),
        bounded("  p99", waits.ms(0.99), P99_ALONE_MS, judged=durable and not many),
    ]
    if many:
        longest = max(waits.waits) * 1000
        figures.append(bounded("  longest wait", longest, WORST_MS, judged=durable))
    return figures


def _batches(scale: Scale, clients: int) -> int:
    return scale.alone if clients == 1 else clients


def _raw_file(ground: Ground) -> RawFile:
    settle(ground.data)
    return RawFile(ground.data / FILE, ground.data / "raw.sqlite3")


def _group(ground: Ground) -> str:
    return f"step in process, SQLite{ground.label}"


MEASUREMENT = Measurement("step", ("disk", "memory"), measure)
