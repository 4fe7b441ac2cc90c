"""Sixteen people at once on PostgreSQL, in process, beside raw rows chained stream by stream."""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.figures import Figure, context, rate_beside
from bench.load import Taken, drive
from bench.plan import Ground, Measurement, Scale
from bench.raw import INSERT_EVENT, Pattern, RawStep
from bench.rounds import alternate, medians
from bench.site import OPERATORS, close_here, issue
from bench.step import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST = 1 / 3
DURABLE = ("fsync", "synchronous_commit")
GROUP = "step in process, PostgreSQL"
HEAD = "SELECT version, hash FROM ledger_stream WHERE stream = %s FOR UPDATE"
NUMBERS = (
    "SELECT nextval(pg_get_serial_sequence('ledger_event', 'seq')) FROM generate_series(1, %s)"
)


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure one client and the most that the plan names, up to sixteen."""
    sizes = [clients for clients in scale.clients if clients <= 16]
    needed = 2 * scale.rounds * sum(sizes)
    free = iter(issue(f"B-{number:05d}" for number in range(needed + 1)))
    probe = next(free)
    drive([steps(probe, OPERATORS[0])])
    pattern = Pattern(probe)
    figures: list[Figure] = [context(GROUP, "durable commits (fsync)", _durable(ground), "")]
    for clients in sizes:
        figures += _compare(scale, ground, clients, free, pattern)
    return figures


def _compare(
    scale: Scale, ground: Ground, clients: int, free: Iterator[str], pattern: Pattern
) -> list[Figure]:
    import psycopg  # noqa: PLC0415 - only where there is PostgreSQL

    taken: list[Taken] = []
    cpu: dict[str, list[float]] = {"ours": [], "raw": []}

    def ours() -> float:
        hands = [steps(next(free), OPERATORS[n % len(OPERATORS)]) for n in range(clients)]
        done = drive(hands, after=close_here)
        taken.append(done)
        cpu["ours"].append(done.cpu_ms)
        return done.rate

    def raw() -> float:
        connections = [psycopg.connect(ground.url) for _ in range(clients)]
        hands = [
            [partial(_raw_step, c, step) for step in pattern.steps(next(free), 1)]
            for c in connections
        ]
        try:
            done = drive(hands)
        finally:
            for connection in connections:
                connection.close()
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


def _raw_step(connection: Any, step: RawStep) -> None:
    """Lock the stream's head, number and chain the rows, write them, commit."""
    from daytwo.record.ledger.envelope import hash_of  # noqa: PLC0415 - after setup

    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(HEAD, (step.head[3],))
        version, previous = cursor.fetchone()
        cursor.execute(NUMBERS, (len(step.events),))
        rows = []
        for (seq,), event in zip(cursor.fetchall(), step.events, strict=True):
            version += 1
            row = (seq, event[1], version, *event[3:17], previous)
            previous = hash_of(row)
            rows.append((*row, previous))
        cursor.executemany(_marks(INSERT_EVENT), rows)
        (_, _, _, stream), first = step.head, rows[0][0]
        statements = dict(step.statements)
        head, entry, *others = statements
        cursor.execute(_marks(head), (version, previous, rows[-1][0], stream))
        cursor.execute(_marks(entry), (first, *statements[entry][1:]))
        for statement in others:
            cursor.execute(_marks(statement), statements[statement])


def _marks(statement: str) -> str:
    return statement.replace("?", "%s")


def _durable(ground: Ground) -> float:
    """Return 1 when the server waits for the disk at a commit, as ours must."""
    import psycopg  # noqa: PLC0415 - only where there is PostgreSQL

    with psycopg.connect(ground.url) as connection:
        found = [connection.execute(f"SHOW {name}").fetchone() for name in DURABLE]
    return float(found == [("on",), ("on",)])


MEASUREMENT = Measurement("postgresql", ("postgresql",), measure)
