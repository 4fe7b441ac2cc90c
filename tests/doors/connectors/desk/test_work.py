"""Work in the background: one at a time, its state for everyone, a clear point to go on from."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.doors.connectors.desk import store, work
from daytwo.doors.importing import Progress
from daytwo.kernel.errors import ConnectorError, Refused
from tests.doors.connectors.desk.hand import IVO, arrived

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STATE = Progress("run", "running", by_name="Ivo Kunz", mapping="north v1")


@pytest.fixture
def upload(tmp_path: Path) -> str:
    return store.take_in(IVO, [arrived(tmp_path, "a.csv", "a")]).id


def begun(
    upload_id: str, what: Callable[[work.Ticker], dict[str, Any]], patience: float = 5
) -> Progress:
    return work.start(upload_id, STATE, what, patience)


def test_work_that_is_short_is_waited_for(upload: str) -> None:
    state = begun(upload, lambda _: {"done": 3, "run_seq": 7})
    assert (state.state, state.done, state.run_seq, state.by_name) == ("done", 3, 7, "Ivo Kunz")
    assert work.busy() == ""


def test_long_work_shows_how_far_it_is_and_nothing_else_is_started(
    upload: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "EVERY_S", 0)
    half, go_on = threading.Event(), threading.Event()

    def slow(ticker: work.Ticker) -> dict[str, Any]:
        ticker.tick(50, 200, 120)
        half.set()
        assert go_on.wait(10)
        return {"done": 200}

    begun(upload, slow, 0)
    assert half.wait(10)
    state = work.progress(upload, "run")
    assert state is not None
    assert (state.state, state.done, state.of, state.events) == ("running", 50, 200, 120)
    assert state.seconds_left == pytest.approx(3 * state.seconds)
    assert work.busy() == upload
    with pytest.raises(Refused, match="going on"):
        begun(upload, slow)
    go_on.set()
    ended = wait(upload)
    assert (ended.state, ended.done) == ("done", 200)


def wait(upload_id: str) -> Progress:
    for thread in threading.enumerate():
        if thread.name == f"import-{upload_id}":
            thread.join(10)
    state = work.progress(upload_id, "run")
    assert state is not None
    return state


def test_person_can_stop_it(upload: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "EVERY_S", 0)

    def until_stopped(ticker: work.Ticker) -> dict[str, Any]:
        work.stop(upload)
        ticker.tick(5, 10, 5)
        raise AssertionError

    state = begun(upload, until_stopped)
    assert (state.state, state.done) == ("stopped", 5)
    assert begun(upload, lambda ticker: ticker.tick(6, 10, 0) or {}).state == "done"


def test_server_that_ended_leaves_a_point_to_go_on_from(upload: str) -> None:
    """What a killed process leaves: a state that says running, and nobody who holds the place."""
    begun(upload, lambda _: {})
    path = store.place(upload) / "run.json"
    store.write_json(path, store.read_json(path) | {"state": "running", "done": 40})
    state = work.progress(upload, "run")
    assert state is not None
    assert (state.state, state.done) == ("interrupted", 40)
    assert begun(upload, lambda _: {"done": 90}).state == "done"


def test_failure_is_told_with_what_to_mend(upload: str) -> None:
    def fails(ticker: work.Ticker) -> dict[str, Any]:
        problems = [{"where": "a.csv", "what": "column 'x' is missing", "line": 0}]
        raise ConnectorError(
            "import.files", "It has 1 problem.", {"problems": problems}, permanent=True
        )

    state = begun(upload, fails)
    assert (state.state, state.code, state.problem) == (
        "failed",
        "import.files",
        "It has 1 problem.",
    )
    assert [(one.where, one.what) for one in state.issues] == [("a.csv", "column 'x' is missing")]
    assert work.busy() == ""


def test_fault_of_ours_is_told_without_its_inside(upload: str) -> None:
    def breaks(ticker: work.Ticker) -> dict[str, Any]:
        raise KeyError("secret")

    state = begun(upload, breaks)
    assert (state.state, state.code) == ("failed", "import.fault")
    assert "secret" not in state.problem


def test_nothing_was_done_yet(upload: str) -> None:
    assert work.progress(upload, "run") is None
    assert work.busy() == ""
