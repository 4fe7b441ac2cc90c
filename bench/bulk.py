"""An import's append, chained and projected, beside the raw insert of the same rows; its memory."""

from __future__ import annotations

import resource
import shutil
from itertools import count as counting
from typing import TYPE_CHECKING

from bench import imports
from bench.bulkraw import RawFile, RawTables, of_file, of_tables
from bench.figures import Figure, context, rate_beside
from bench.plan import Ground, Measurement, Scale
from bench.rounds import alternate, medians, timed
from bench.site import FILE, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.bulkraw import Raw, Rows

LEAST = 1 / 3
MOST_GROWTH = 1.1
WARM, TIMES = 2, 5
"""Parts imported before memory is looked at, and in all."""
GROUP = "import append"


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure memory first, before the raw side's rows fill it; then the rates."""
    prepare = _tables if ground.url else _file
    rows, other = prepare(ground)
    whole = scale.imported // imports.EVENTS
    count = whole // scale.rounds
    growth = _memory_growth(whole)
    fresh = counting(1 + TIMES * whole, count)
    made = [rows(1 + n * count, count) for n in range(scale.rounds)]
    raw = other(made)

    def ours() -> float:
        start = next(fresh)
        return count * imports.EVENTS / timed(lambda: imports.append(start, count))

    rates = medians(alternate(scale.rounds, {"ours": ours, "raw": raw.insert}))
    group = f"{GROUP}, {'PostgreSQL' if ground.url else 'SQLite'}"
    return [
        rate_beside(
            group,
            "events appended a second",
            rates["ours"],
            "/s",
            beside_what="/s raw insert",
            beside=rates["raw"],
            least=LEAST,
        ),
        context(group, "rows of a 20-event command", sum(map(len, made[0].values())) / count, ""),
        Figure(
            group,
            f"memory, {TIMES} parts beside {WARM}",
            growth,
            "x",
            budget=f"<= {MOST_GROWTH} x",
            met=growth <= MOST_GROWTH,
        ),
    ]


def _file(ground: Ground) -> tuple[Callable[[int, int], Rows], Callable[[list[Rows]], Raw]]:
    """Return what reads a run's rows, and what makes the other side, for the embedded file."""
    settle(ground.data)
    copy, file = ground.data / "raw.sqlite3", ground.data / FILE
    shutil.copy(file, copy)
    return (
        lambda first, count: of_file(file, first, count),
        lambda made: RawFile(copy, iter(made)),
    )


def _tables(ground: Ground) -> tuple[Callable[[int, int], Rows], Callable[[list[Rows]], Raw]]:
    """Return the same for PostgreSQL."""
    return (
        lambda first, count: of_tables(ground.url, first, count),
        lambda made: RawTables(ground.url, iter(made)),
    )


def _memory_growth(count: int) -> float:
    """Import, then as much again and again; return the peak memory beside that of the beginning.

    The beginning is large enough to fill the database's page cache, which is bounded.
    """
    imports.append(1, WARM * count)
    first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    imports.append(1 + WARM * count, (TIMES - WARM) * count)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / first


MEASUREMENT = Measurement("import", ("disk", "postgresql"), measure)
