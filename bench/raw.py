"""The other side: the same rows a step leaves, written by plain SQL without any rule asked."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from bench import master

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

COLUMNS = 19
INSERT_EVENT = f"INSERT INTO ledger_event VALUES ({', '.join(['?'] * COLUMNS)})"
SET_HEAD = "UPDATE ledger_stream SET version = ?, hash = ?, seq = ? WHERE stream = ?"
INSERT_ENTRY = f"INSERT INTO batches_entry VALUES ({', '.join(['?'] * 9)})"
SET_DONE = (
    "UPDATE batches_step SET state = ?, claimed_at = ?, claimed_by = ?, done_at = ?,"
    " performer_id = ?, performer_name = ?, entry = ?, result = ? WHERE id = ?"
)
SET_NEXT = "UPDATE batches_step SET state = 'offered', offered_at = ? WHERE id = ?"
SET_BATCH = "UPDATE batches_batch SET steps_done = steps_done + 1 WHERE id = ?"
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536")
GROUP_MOST = 64


@dataclass(frozen=True, slots=True)
class RawStep:
    """The rows of one step: its events, and what follows from them."""

    events: list[tuple[Any, ...]]
    head: tuple[Any, ...]
    entry: tuple[Any, ...]
    done: tuple[Any, ...]
    following: tuple[Any, ...]
    batch: tuple[Any, ...]

    @property
    def rows(self) -> int:
        """How many rows it writes."""
        return len(self.events) + 5

    @property
    def statements(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Every statement after the events'."""
        return (
            (SET_HEAD, self.head),
            (INSERT_ENTRY, self.entry),
            (SET_DONE, self.done),
            (SET_NEXT, self.following),
            (SET_BATCH, self.batch),
        )


class Pattern:
    """What the steps of one real batch left, as a pattern for others of the same length of id."""

    def __init__(self, batch_id: str) -> None:
        """Read the steps of a batch whose measured steps are done."""
        from daytwo.record.ledger.reading import stream_events  # noqa: PLC0415 - after setup

        self.batch_id = batch_id
        self._commands: dict[str, list[tuple[Any, ...]]] = {}
        for event in stream_events(f"batch/{batch_id}"):
            if event.command_name == "batch.complete_step":
                self._commands.setdefault(event.command_id, []).append(event.as_row())

    def steps(self, batch_id: str, first_seq: int) -> list[RawStep]:
        """Return the same steps for another batch.

        Args:
            batch_id: As long as the pattern's own.
            first_seq: Number of the first event.
        """
        from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup

        made = []
        seq = first_seq
        for number, rows in enumerate(self._commands.values(), start=1):
            command_id = new_id()
            events = []
            for row in rows:
                texts = [
                    cell.replace(self.batch_id, batch_id) if isinstance(cell, str) else cell
                    for cell in row
                ]
                texts[0], texts[13] = seq, command_id
                events.append(tuple(texts))
                seq += 1
            made.append(_step(batch_id, number, events))
        return made

    @property
    def events(self) -> int:
        """Events of all its steps."""
        return sum(map(len, self._commands.values()))

    @property
    def bytes_a_step(self) -> float:
        """Mean size of a step's event rows as text, in bytes."""
        cells = (len(str(c)) for rows in self._commands.values() for r in rows for c in r)
        return sum(cells) / len(self._commands)


def _step(batch_id: str, number: int, events: list[tuple[Any, ...]]) -> RawStep:
    last = events[-1]
    at, actor, name = last[6], last[8], last[9]
    done = master.step_id(number)
    entry = '{"value":"41.1"}'
    return RawStep(
        events,
        (last[2], last[18], last[0], last[1]),
        (events[0][0], batch_id, done, entry, entry, at, actor, name, ""),
        ("verified", at, actor, at, actor, name, entry, entry, f"{batch_id}/{done}"),
        (at, f"{batch_id}/{master.step_id(number + 1)}"),
        (batch_id,),
    )


def drop_guards(connection: sqlite3.Connection) -> None:
    """Take the triggers off a copy: the raw side guards nothing."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for (name,) in connection.execute(query).fetchall():
        connection.execute(f"DROP TRIGGER {name}")


class RawFile:
    """A copy of the site's file without its guards, written by plain `sqlite3`."""

    def __init__(self, source: Path, path: Path) -> None:
        """Copy the file and open it as the house does: WAL, synchronous FULL."""
        shutil.copy(source, path)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        drop_guards(self._connection)

    def last_seq(self) -> int:
        """Return the number of the last event in the file."""
        return int(self._connection.execute("SELECT MAX(seq) FROM ledger_event").fetchone()[0])

    def commit(self, steps: Iterable[RawStep]) -> None:
        """Write steps in one durable transaction."""
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        for step in steps:
            self._connection.executemany(INSERT_EVENT, step.events)
            for statement, values in step.statements:
                run(statement, values)
        run("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class RawQueue:
    """One thread that writes for all, waiting steps sharing a commit: the house's plan, bare."""

    def __init__(self, file: RawFile) -> None:
        """Start the thread."""
        self._file = file
        self._queue: SimpleQueue[tuple[RawStep, Future[None]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def write(self, step: RawStep) -> None:
        """Write one step and return when it is durable."""
        future: Future[None] = Future()
        self._queue.put((step, future))
        future.result()

    def close(self) -> None:
        """End the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            group = [job, *self._waiting()]
            self._file.commit(step for step, _ in group)
            for _, future in group:
                future.set_result(None)

    def _waiting(self) -> Sequence[tuple[RawStep, Future[None]]]:
        more: list[tuple[RawStep, Future[None]]] = []
        while len(more) < GROUP_MOST - 1:
            try:
                job = self._queue.get_nowait()
            except Empty:
                break
            if job is None:
                self._queue.put(None)
                break
            more.append(job)
        return more
