"""A step over HTTP, unsigned and signed, at several numbers of clients, beside an empty page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

from bench import clients, master
from bench.bare import BareFile, BareTables, bare
from bench.clients import Request
from bench.figures import Figure, at_least, at_most, context, rate_beside
from bench.load import Taken, drive
from bench.plan import Ground, Measurement, Scale
from bench.raw import Pattern
from bench.rounds import alternate, medians
from bench.server import HEALTH, Server
from bench.site import OPERATORS, hand, issue, release
from bench.step import steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMPLETE = "/api/v1/batches/complete_step"
P50_ALONE_MS = 6
MANY = 16
RATE_MANY = 500
SHARE_MANY = 0.55
"""Of the rate of an empty page and the same rows in plain SQL, one after the other: 500 of the 903
a second that 1 500 pages and 2 270 commits make, where the budget was written (decision 0016)."""
P99_MANY_MS = 100
WARMING = 4
"""Runs of most clients before the first that counts: a server at work has its connections open, and
each thread of each of its processes opens one when first used."""
Hands = list[tuple[str, list[Request]]]


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure each number of clients, unsigned and signed steps apart."""
    tokens = _tokens()
    needed, most = scale.rounds * sum(scale.wire_clients), max(scale.wire_clients)
    spare = scale.rounds * MANY + WARMING * most + 1
    unsigned = iter(issue(f"U-{n:05d}" for n in range(needed + spare)))
    signed = iter(issue((f"S-{n:05d}" for n in range(needed)), signed=True))
    probe = next(unsigned)
    drive([steps(probe, OPERATORS[0])])
    rows = bare(ground, Pattern(probe))
    release()
    figures: list[Figure] = []
    with Server(ground.data, ground.url) as server:
        for _ in range(WARMING):
            clients.run(server.port, _steps(tokens, unsigned, most, master.STEPS, ""))
        sides = _Sides(server.port, tokens, unsigned, signed, rows)
        for number in scale.wire_clients:
            figures += _compare(scale, ground, number, sides)
    rows.close()
    return figures


@dataclass(frozen=True, slots=True)
class _Sides:
    """What is set side by side; each takes batches that nobody touched."""

    port: int
    tokens: list[str]
    free: Iterator[str]
    to_sign: Iterator[str]
    rows: BareTables | BareFile

    def unsigned(self, number: int) -> Taken:
        return self._run(_steps(self.tokens, self.free, number, master.STEPS, ""))

    def signed(self, number: int, steps_: int) -> Taken:
        from daytwo.doors.jobs.demo.cast import PASSWORD  # noqa: PLC0415 - after setup

        return self._run(_steps(self.tokens, self.to_sign, number, steps_, PASSWORD))

    def page(self, number: int) -> Taken:
        return self._run(_pages(self.tokens, number))

    def bare(self, number: int) -> Taken:
        return self.rows.write([next(self.free) for _ in range(number)])

    def _run(self, hands: Hands) -> Taken:
        return clients.run(self.port, hands)


def _compare(scale: Scale, ground: Ground, number: int, sides: _Sides) -> list[Figure]:
    taken: dict[str, list[Taken]] = {}

    def side(name: str, work: Callable[[], Taken]) -> Callable[[], float]:
        def once() -> float:
            done = work()
            taken.setdefault(name, []).append(done)
            return done.rate

        return once

    run = {
        "unsigned": side("unsigned", lambda: sides.unsigned(number)),
        "page": side("page", lambda: sides.page(number)),
        "signed": side("signed", lambda: sides.signed(number, scale.signed)),
    }
    if number == MANY:
        run["bare"] = side("bare", lambda: sides.bare(number))
    rates = medians(alternate(scale.rounds, run))
    waits = {name: Taken(waits=[w for t in many for w in t.waits]) for name, many in taken.items()}
    return _lines(ground, number, rates, waits)


def _lines(
    ground: Ground, number: int, rates: dict[str, float], waits: dict[str, Taken]
) -> list[Figure]:
    database = "PostgreSQL" if ground.url else "SQLite"
    group = f"step over HTTP, {database}"
    who = f"{number} client{'s' * (number > 1)}"
    step = waits["unsigned"]
    figures = [
        rate_beside(
            group,
            f"unsigned step, {who}",
            rates["unsigned"],
            "/s",
            beside_what="/s empty page",
            beside=rates["page"],
        ),
        context(group, f"  empty page p50, {who}", waits["page"].ms(0.5), "ms"),
    ]
    if number == MANY:
        figures += _of_many(group, who, rates, step)
    else:
        p50 = step.ms(0.5)
        alone = at_most(group, f"  p50, {who}", p50, "ms", P50_ALONE_MS)
        figures.append(alone if number == 1 else context(group, f"  p50, {who}", p50, "ms"))
        figures.append(context(group, f"  p99, {who}", step.ms(0.99), "ms"))
    return [
        *figures,
        context(group, f"signed step, {who}", rates["signed"], "/s"),
        context(group, f"  p50, {who}", waits["signed"].ms(0.5), "ms"),
        context(group, f"  p99, {who}", waits["signed"].ms(0.99), "ms"),
    ]


def _of_many(group: str, who: str, rates: dict[str, float], step: Taken) -> list[Figure]:
    both = 1 / (1 / rates["page"] + 1 / rates["bare"])
    return [
        context(group, f"  the same rows in plain SQL, {who}", rates["bare"], "/s"),
        rate_beside(
            group,
            f"  unsigned step, {who}",
            rates["unsigned"],
            "/s",
            beside_what="/s page, then rows",
            beside=both,
            least=SHARE_MANY,
        ),
        context(group, f"  p50, {who}", step.ms(0.5), "ms"),
        at_least(group, f"  rate, {who}", rates["unsigned"], "/s", RATE_MANY),
        at_most(group, f"  p99, {who}", step.ms(0.99), "ms", P99_MANY_MS),
    ]


def _steps(
    tokens: list[str], batches: Iterator[str], number: int, steps: int, password: str
) -> Hands:
    from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup

    return [
        (
            token,
            [
                Request("POST", COMPLETE, body(batch_id, n, new_id()), password)
                for n in range(1, steps + 1)
            ],
        )
        for token, batch_id in zip(cycle(tokens), [next(batches) for _ in range(number)])
    ]


def body(batch_id: str, number: int, command_id: str) -> dict[str, object]:
    """Return what completes a measured step of a batch."""
    return {
        "command_id": command_id,
        "batch_id": batch_id,
        "step_id": master.step_id(number),
        "entry": master.entry(number),
    }


def _pages(tokens: list[str], number: int) -> Hands:
    pages = [Request("GET", HEALTH)] * master.STEPS
    return [(token, pages) for token, _ in zip(cycle(tokens), range(number))]


def _tokens() -> list[str]:
    from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup
    from daytwo.record.access.account import make_token  # noqa: PLC0415 - after setup

    return [make_token(hand(p).by, "bench", 1, command_id=new_id()) for p in OPERATORS]


MEASUREMENT = Measurement("http", ("disk", "postgresql"), measure)
