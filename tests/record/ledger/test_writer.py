"""The writer: waiting writes share a commit, each all or nothing, told only when durable."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from threading import Event, Semaphore, Thread
from typing import Self

import pytest
from django.db import connection

from daytwo.kernel.errors import Refused
from daytwo.record.ledger import writer
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.errors import Unwritable
from daytwo.record.ledger.reading import events, stream_events
from daytwo.record.ledger.sql import execute, fetch_all
from daytwo.record.ledger.verify import verify
from tests import conftest
from tests.record.ledger.crowd import at_once
from tests.record.ledger.notes import intent, note, notes, write_notes

on_sqlite = pytest.mark.skipif(
    conftest.POSTGRESQL, reason="the queue is SQLite's; PostgreSQL has many writers"
)


def refuse():
    raise Refused("test.no", "No.")


def half_then_fail():
    write_notes("half of it")
    return 1 / 0


class Gate:
    """A write that holds the writer until it is opened, so that others pile up behind it."""

    def __init__(self) -> None:
        self._entered, self._open = Event(), Event()
        self._thread = Thread(target=writer.write, args=(self._hold,))

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._entered.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.open()

    def open(self) -> None:
        self._open.set()
        self._thread.join()

    def _hold(self) -> None:
        self._entered.set()
        assert self._open.wait(10)


def queue_behind(gate: Gate, jobs: list) -> list:
    """Queue jobs in order behind a gate, open it, and return what each came to."""
    results: list = [None] * len(jobs)

    def run(place: int) -> None:
        try:
            results[place] = writer.write(jobs[place])
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = []
    for place in range(len(jobs)):
        before = writer._the_writer()._queue.qsize()
        threads.append(Thread(target=run, args=(place,)))
        threads[-1].start()
        while writer._the_writer()._queue.qsize() == before:
            pass
    gate.open()
    for thread in threads:
        thread.join()
    return results


@on_sqlite
def test_failing_jobs_of_a_group_leave_the_good_ones_standing(site):
    with Gate() as gate:
        jobs = [
            lambda: write_notes("one").events[0].version,
            refuse,
            lambda: write_notes("two").events[0].version,
            half_then_fail,
            lambda: write_notes("three").events[0].version,
        ]
        results = queue_behind(gate, jobs)
    assert [r for r in results if isinstance(r, int)] == [1, 2, 3]
    assert isinstance(results[1], Refused)
    assert isinstance(results[3], ZeroDivisionError)
    assert notes() == ["one", "two", "three"]
    assert verify(None).ok


@on_sqlite
def test_nobody_hears_of_success_before_the_groups_commit(site):
    heard, last = Event(), Event()

    def first() -> None:
        write_notes("first")
        heard.set()

    with Gate() as gate:
        early = Thread(target=first)
        early.start()
        while writer._the_writer()._queue.qsize() == 0:
            pass
        late = Thread(target=writer.write, args=(lambda: last.wait(10),))
        late.start()
        while writer._the_writer()._queue.qsize() < 2:
            pass
        gate.open()
        assert not heard.wait(0.2), "told before the commit"
        assert notes() == [], "seen before the commit"
        last.set()
        assert heard.wait(10)
    early.join()
    late.join()
    assert notes() == ["first"]


def test_many_threads_lose_and_double_nothing(site):
    streams = [f"batch/B-{n % 3}" for n in range(12)]
    jobs = [
        lambda s=stream, n=number: [write_notes(f"{n}.{m}", stream=s) for m in range(8)]
        for number, stream in enumerate(streams)
    ]
    assert [r for r in at_once(jobs) if isinstance(r, Exception)] == []
    for stream in set(streams):
        assert [e.version for e in stream_events(stream)] == list(range(1, 33))
        said = [e.payload["comment"] for e in stream_events(stream)]
        assert len(set(said)) == 32
        for thread in {text.partition(".")[0] for text in said}:
            mine = [text for text in said if text.partition(".")[0] == thread]
            assert mine == [f"{thread}.{m}" for m in range(8)]
    seqs = [e.seq for e in events(["batch.comment.added"])]
    assert seqs == sorted(set(seqs))
    assert verify(None).ok


def test_error_goes_to_the_one_who_asked_and_the_next_write_works(site):
    with pytest.raises(ZeroDivisionError):
        writer.write(half_then_fail)
    with pytest.raises(Refused):
        transact(intent(), refuse)
    assert notes() == []
    write_notes("fine")
    assert notes() == ["fine"]


def test_write_inside_a_write_is_part_of_it(site):
    def outer():
        write_notes("inner")
        raise Refused("test.no", "No.")

    with pytest.raises(Refused):
        writer.write(outer)
    assert notes() == []
    assert writer.write(lambda: write_notes("inner").replayed) is False
    assert notes() == ["inner"]


def test_nested_failure_that_is_caught_takes_only_itself_back(site):
    def outer():
        write_notes("kept")
        with pytest.raises(ZeroDivisionError):
            writer.write(half_then_fail)

    writer.write(outer)
    assert notes() == ["kept"]


@on_sqlite
def test_database_that_takes_nothing_is_named_and_nothing_is_kept(site):
    writer.write(lambda: execute("PRAGMA busy_timeout = 50"))
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unwritable) as fault:
            write_notes("one")
        other.execute("ROLLBACK")
    assert "locked" in str(fault.value.info["why"])
    assert notes() == []
    write_notes("two")
    assert notes() == ["two"]


def test_lost_connection_is_named_and_nothing_is_kept(site):
    if not conftest.POSTGRESQL:
        pytest.skip("SQLite has no connection to lose")

    def die():
        write_notes("half")
        fetch_all("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(Unwritable):
        writer.write(die)
    connection.close()
    assert notes() == []
    write_notes("two")
    assert notes() == ["two"]


@on_sqlite
def test_job_that_asks_to_exit_does_not_end_the_writer(site):
    def leave():
        raise SystemExit(3)

    heard: list = []

    def run() -> None:
        try:
            writer.write(leave)
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            heard.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(5)
    assert [type(error) for error in heard] == [SystemExit]
    write_notes("still there")
    assert notes() == ["still there"]


def test_closed_writer_finishes_what_is_queued_and_another_starts(site):
    write_notes("one")
    writer.close()
    writer.close()
    write_notes("two")
    assert notes() == ["one", "two"]
    assert note("x").stream == "batch/B-1"


@pytest.mark.skipif(not conftest.POSTGRESQL, reason="SQLite's queue has one writer")
def test_process_has_so_many_writers_at_once_and_each_may_write_within_its_own(site):
    entered, gate = Semaphore(0), Event()

    def hold() -> str:
        entered.release()
        assert gate.wait(10)
        return writer.write(lambda: "within")

    def once() -> None:
        try:
            done.append(writer.write(hold))
        finally:
            connection.close()

    done: list[str] = []
    threads = [Thread(target=once) for _ in range(writer.WRITERS_MOST + 2)]
    for thread in threads:
        thread.start()
    for _ in range(writer.WRITERS_MOST):
        assert entered.acquire(timeout=10)
    assert not entered.acquire(timeout=0.2)
    assert writer.waiting() == 2
    gate.set()
    for thread in threads:
        thread.join(10)
    assert done == ["within"] * len(threads)
    assert writer.waiting() == 0
