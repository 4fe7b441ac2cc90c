"""Sixteen people at once on PostgreSQL, in process, beside raw rows chained stream by stream."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from bench.bare import BareTables
from bench.figures import Figure, context, rate_beside
from bench.load import Taken, drive
from bench.plan import Ground, Measurement, Scale
from bench.raw import Pattern
from bench.rounds import alternate, medians
from bench.site import OPERATORS, close_here, issue
from bench.step import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST = 1 / 3
DURABLE = ("fsync", "synchronous_commit")
GROUP = "step in process, PostgreSQL"


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure one client and the most that the plan names, up to sixteen."""
    sizes = [clients for clients in scale.clients if clients <= 16]
    needed = 2 * scale.rounds * sum(sizes)
    free = iter(issue(f"B-{number:05d}" for number in range(needed + 1)))
    probe = next(free)
    drive([steps(probe, OPERATORS[0])])
    bare = BareTables(ground, Pattern(probe))
    figures: list[Figure] = [context(GROUP, "durable commits (fsync)", _durable(ground), "")]
    for clients in sizes:
        figures += _compare(scale, clients, free, bare)
    return figures


def _compare(scale: Scale, clients: int, free: Iterator[str], bare: BareTables) -> list[Figure]:
    taken: list[Taken] = []
    cpu: dict[str, list[float]] = {"ours": [], "raw": []}

    def ours() -> float:
        hands = [steps(next(free), OPERATORS[n % len(OPERATORS)]) for n in range(clients)]
        done = drive(hands, after=close_here)
        taken.append(done)
        cpu["ours"].append(done.cpu_ms)
        return done.rate

    def raw() -> float:
        done = bare.write([next(free) for _ in range(clients)])
        cpu["raw"].append(done.cpu_ms)
        return done.rate

    rates = medians(alternate(scale.rounds, {"ours": ours, "raw": raw}))
    whole = Taken(waits=[wait for done in taken for wait in done.waits])
    who = f"{clients} client{'s' * (clients > 1)}"
    return [
        rate_beside(
            GROUP,
            f"unsigned step, {who}",
            rates["ours"],
            "/s",
            beside_what="/s raw, chained",
            beside=rates["raw"],
            least=LEAST,
        ),
        context(GROUP, f"  p50, {who}", whole.ms(0.5), "ms"),
        context(GROUP, f"  p99, {who}", whole.ms(0.99), "ms"),
        rate_beside(
            GROUP,
            f"  processor time, {who}",
            median(cpu["ours"]),
            "ms",
            beside_what="ms raw",
            beside=median(cpu["raw"]),
        ),
    ]


def _durable(ground: Ground) -> float:
    """Return 1 when the server waits for the disk at a commit, as ours must."""
    import psycopg  # noqa: PLC0415 - only where there is PostgreSQL

    with psycopg.connect(ground.url) as connection:
        found = [connection.execute(f"SHOW {name}").fetchone() for name in DURABLE]
    return float(found == [("on",), ("on",)])


MEASUREMENT = Measurement("postgresql", ("postgresql",), measure)
