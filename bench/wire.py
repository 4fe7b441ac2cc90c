"""A step over HTTP, unsigned and signed, at several numbers of clients, beside an empty page."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from bench import clients, master
from bench.clients import Request
from bench.figures import Figure, at_least, at_most, context, rate_beside
from bench.load import Taken
from bench.plan import Ground, Measurement, Scale
from bench.rounds import alternate, medians
from bench.server import HEALTH, Server
from bench.site import OPERATORS, hand, issue, release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMPLETE = "/api/v1/batches/complete_step"
P50_ALONE_MS = 6
MANY = 16
RATE_MANY = 500
SHARE_MANY = 1 / 3
"""Of the rate of an empty page: 500 of 1 500 where that was measured."""
P99_MANY_MS = 100
Hands = list[tuple[str, list[Request]]]


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure each number of clients, unsigned and signed steps apart."""
    tokens = _tokens()
    needed, most = scale.rounds * sum(scale.wire_clients), max(scale.wire_clients)
    unsigned = iter(issue(f"U-{n:05d}" for n in range(needed + most)))
    signed = iter(issue((f"S-{n:05d}" for n in range(needed)), signed=True))
    release()
    figures: list[Figure] = []
    with Server(ground.data, ground.url) as server:
        # A server at work has its connections open: each of its threads opens one when first used.
        clients.run(server.port, _steps(tokens, unsigned, most, master.STEPS, ""))
        for number in scale.wire_clients:
            figures += _compare(scale, ground, server.port, number, tokens, unsigned, signed)
    return figures


def _compare(
    scale: Scale,
    ground: Ground,
    port: int,
    number: int,
    tokens: list[str],
    unsigned: Iterator[str],
    signed: Iterator[str],
) -> list[Figure]:
    from daytwo.doors.jobs.demo.cast import PASSWORD  # noqa: PLC0415 - after setup

    taken: dict[str, list[Taken]] = {"unsigned": [], "signed": [], "page": []}

    def side(name: str, hands: Callable[[], Hands]) -> Callable[[], float]:
        def once() -> float:
            taken[name].append(clients.run(port, hands()))
            return taken[name][-1].rate

        return once

    rates = medians(
        alternate(
            scale.rounds,
            {
                "unsigned": side(
                    "unsigned", lambda: _steps(tokens, unsigned, number, master.STEPS, "")
                ),
                "page": side("page", lambda: _pages(tokens, number)),
                "signed": side(
                    "signed", lambda: _steps(tokens, signed, number, scale.signed, PASSWORD)
                ),
            },
        )
    )
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
            least=SHARE_MANY if number == MANY else None,
        ),
        context(group, f"  empty page p50, {who}", waits["page"].ms(0.5), "ms"),
    ]
    if number == 1:
        figures.append(at_most(group, f"  p50, {who}", step.ms(0.5), "ms", P50_ALONE_MS))
    else:
        figures.append(context(group, f"  p50, {who}", step.ms(0.5), "ms"))
    if number == MANY:
        figures.append(at_least(group, f"  rate, {who}", rates["unsigned"], "/s", RATE_MANY))
        figures.append(at_most(group, f"  p99, {who}", step.ms(0.99), "ms", P99_MANY_MS))
    else:
        figures.append(context(group, f"  p99, {who}", step.ms(0.99), "ms"))
    return [
        *figures,
        context(group, f"signed step, {who}", rates["signed"], "/s"),
        context(group, f"  p50, {who}", waits["signed"].ms(0.5), "ms"),
        context(group, f"  p99, {who}", waits["signed"].ms(0.99), "ms"),
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
