"""The writer: on SQLite one thread takes all writes and lets waiting ones share a commit.

Several connections polling SQLite's lock were seen to wait for seconds; a queue in the process
serves them in order. Each job of a group runs in its own savepoint: it is all there or not at all,
and its caller hears of it only after the group's commit is on the disk.

PostgreSQL has many writers; a process lets a few of its threads write at once, the others in the
order in which they came. More at once do not get more done, and some then wait several times as
long as others.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import nullcontext
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, transaction
from django.db.utils import DatabaseError, InterfaceError, OperationalError

from daytwo.record.ledger.errors import Unwritable
from daytwo.record.ledger.sql import is_postgresql
from daytwo.record.ledger.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_Job = tuple["Callable[[], Any]", "Future[Any]"]
GROUP_MOST = 64
"""How many waiting writes may share one commit."""
WRITERS_MOST = 4
"""How many threads of one process write on PostgreSQL at once."""


class Writer:
    """One thread, one connection, one queue."""

    def __init__(self) -> None:
        """Start the thread."""
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], T]) -> T:
        """Run `work` in a transaction and return its result once it is durable."""
        if threading.current_thread() is self._thread:
            with transaction.atomic():
                return work()
        future: Future[T] = Future()
        self._queue.put((work, future))
        return future.result()

    @property
    def waiting(self) -> int:
        """How many writes wait for their turn."""
        return self._queue.qsize()

    def close(self) -> None:
        """Finish what is queued, close the connection and end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            job = self._queue.get()
            if job is None:
                connection.close()
                return
            group = [job]
            stop = False
            while len(group) < GROUP_MOST:
                try:
                    more = self._queue.get_nowait()
                except Empty:
                    break
                if more is None:
                    stop = True
                    break
                group.append(more)
            _commit(group)
            if stop:
                connection.close()
                return


def _commit(group: list[_Job]) -> None:
    """Run a group of jobs in one transaction; tell each caller only after the commit."""
    answers: list[tuple[Any, BaseException | None]] = []
    try:
        with transaction.atomic():
            for work, _ in group:
                answers.append(_attempt(work, alone=len(group) == 1))
    except BaseException as error:  # noqa: BLE001 - the thread must live, the callers hear of it
        connection.close()
        answers = [(None, _unwritten(error))] * len(group)
    for (_, future), (result, failure) in zip(group, answers, strict=True):
        if failure is None:
            future.set_result(result)
        else:
            future.set_exception(failure)


def _attempt(work: Callable[[], Any], *, alone: bool) -> tuple[Any, BaseException | None]:
    """Run one job in a savepoint, or alone in the transaction; undo it whole when it fails."""
    try:
        with transaction.atomic(savepoint=not alone):
            result = work()
    except BaseException as error:  # noqa: BLE001 - handed to the caller who asked for it
        return None, error
    return result, None


def _unwritten(error: BaseException) -> BaseException:
    return Unwritable(str(error)) if isinstance(error, DatabaseError) else error


_lock = threading.Lock()
_writer: Writer | None = None
_turns = Turns(WRITERS_MOST)


def write(work: Callable[[], T]) -> T:
    """Run `work` in one durable transaction: on SQLite by the queue, else in this thread.

    Raises:
        Unwritable: The database did not take it; nothing was kept.
    """
    if is_postgresql():
        # Who writes within a transaction of its own has its turn.
        turn = nullcontext() if connection.in_atomic_block else _turns.turn()
        try:
            with turn, transaction.atomic():
                return work()
        except (OperationalError, InterfaceError) as error:
            connection.close()
            raise Unwritable(str(error)) from error
    return _the_writer().submit(work)


def waiting() -> int:
    """Return how many writes wait in this process."""
    return _turns.waiting + (0 if _writer is None else _writer.waiting)


def close() -> None:
    """End the writer thread; the next write starts another."""
    global _writer  # noqa: PLW0603 - one writer per process is the point
    with _lock:
        if _writer is not None:
            _writer.close()
            _writer = None


def _the_writer() -> Writer:
    global _writer  # noqa: PLW0603 - one writer per process is the point
    if _writer is None:
        with _lock:
            if _writer is None:
                _writer = Writer()
    return _writer
