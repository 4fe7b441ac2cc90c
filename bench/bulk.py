"""An import's append, chained and projected, beside the raw insert of the same rows; its memory."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from contextlib import closing
from itertools import count as counting
from typing import TYPE_CHECKING, Any

from bench import imports
from bench.figures import Figure, context, rate_beside
from bench.plan import Ground, Measurement, Scale
from bench.raw import PRAGMAS, drop_guards
from bench.rounds import alternate, medians, timed
from bench.site import FILE, settle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST = 1 / 3
MOST_GROWTH = 1.1
ITEMS_A_CHUNK = 500
WARM, TIMES = 2, 5
"""Parts imported before memory is looked at, and in all."""
GROUP = "import append"
Rows = dict[str, list[tuple[Any, ...]]]


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure memory first, before the raw side's rows fill it; then the rates."""
    settle(ground.data)
    copy = ground.data / "raw.sqlite3"
    shutil.copy(ground.data / FILE, copy)
    whole = scale.imported // imports.EVENTS
    count = whole // scale.rounds
    growth = _memory_growth(whole)
    fresh = counting(1 + TIMES * whole, count)
    made = [_rows(ground.data / FILE, 1 + n * count, count) for n in range(scale.rounds)]
    raw = _Raw(copy, iter(made))

    def ours() -> float:
        start = next(fresh)
        return count * imports.EVENTS / timed(lambda: imports.append(start, count))

    rates = medians(alternate(scale.rounds, {"ours": ours, "raw": raw.insert}))
    return [
        rate_beside(
            GROUP,
            "events appended a second",
            rates["ours"],
            "/s",
            beside_what="/s raw insert",
            beside=rates["raw"],
            least=LEAST,
        ),
        context(GROUP, "rows of a 20-event command", sum(map(len, made[0].values())) / count, ""),
        Figure(
            GROUP,
            f"memory, {TIMES} parts beside {WARM}",
            growth,
            "x",
            budget=f"<= {MOST_GROWTH} x",
            met=growth <= MOST_GROWTH,
        ),
    ]


def _memory_growth(count: int) -> float:
    """Import, then as much again and again; return the peak memory beside that of the beginning.

    The beginning is large enough to fill the database's page cache, which is bounded.
    """
    imports.append(1, WARM * count)
    first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    imports.append(1 + WARM * count, (TIMES - WARM) * count)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / first


def _rows(path: Path, first: int, count: int) -> Rows:
    """Return the rows that a run of items left, by table, in the order in which they came."""
    ends = (imports.batch_name(first), imports.batch_name(first + count - 1))
    with closing(sqlite3.connect(path)) as connection:
        span = connection.execute(
            "SELECT MIN(seq), MAX(seq) FROM ledger_event WHERE stream BETWEEN ? AND ?",
            tuple(f"laboratory/batch/{name}" for name in ends),
        ).fetchone()
        low = connection.execute(
            "SELECT MIN(seq) FROM ledger_event WHERE stream = ?", (f"batch/{ends[0]}",)
        ).fetchone()[0]
        queries = {
            "ledger_event": ("seq BETWEEN ? AND ?", (low, span[1])),
            "ledger_stream": ("seq BETWEEN ? AND ?", (low, span[1])),
            "batches_batch": ("id BETWEEN ? AND ?", ends),
            "laboratory_result": ("event_seq BETWEEN ? AND ?", (low, span[1])),
        }
        return {
            table: connection.execute(
                f"SELECT * FROM {table} WHERE {where} ORDER BY rowid", values
            ).fetchall()
            for table, (where, values) in queries.items()
        }


class _Raw:
    """A copy of the file without guards, into which the same rows are inserted in bulk."""

    def __init__(self, path: Path, slices: Iterator[Rows]) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        drop_guards(self._connection)
        self._slices = slices

    def insert(self) -> float:
        """Insert one run of items in transactions as large as ours; return events a second."""
        rows = next(self._slices)
        items = len(rows["batches_batch"])
        parts = [
            {
                table: found[n * len(found) // items : (n + ITEMS_A_CHUNK) * len(found) // items]
                for table, found in rows.items()
            }
            for n in range(0, items, ITEMS_A_CHUNK)
        ]
        return len(rows["ledger_event"]) / timed(lambda: [self._commit(part) for part in parts])

    def _commit(self, part: Rows) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for table, rows in part.items():
            marks = ", ".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        self._connection.execute("COMMIT")


MEASUREMENT = Measurement("import", ("disk",), measure)
