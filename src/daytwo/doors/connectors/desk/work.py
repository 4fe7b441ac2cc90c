"""Rehearsals and runs in the background: one at a time a site, their state on disk for everyone."""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connections

from daytwo.doors.connectors.desk import store
from daytwo.doors.importing import Issue, Progress
from daytwo.kernel import clock
from daytwo.kernel.errors import ConnectorError, DaytwoError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import TextIOWrapper

log = logging.getLogger(__name__)

EVERY_S = 0.4
"""How often the state is written at most."""
_STOP = "stop"


class Stopped(Exception):  # noqa: N818 - what the work is
    """A person asked to stop; what was made is kept."""


@dataclass(slots=True)
class Ticker:
    """Writes the state of work as it goes on; tells it to stop when a person asks.

    Attributes:
        state: As it stands.
        path: Where it is written.
    """

    state: Progress
    path: Any
    _begun: float = 0.0
    _written: float = 0.0

    def begin(self) -> None:
        """Start the clock and write the first state."""
        self._begun = time.monotonic()
        self._write()

    def tick(self, done: int, of: int, events: int) -> None:
        """Take in how far the work is; raise `Stopped` when a person asked for that."""
        seconds = time.monotonic() - self._begun
        left = seconds / done * max(of - done, 0) if done else None
        self.state = replace(
            self.state, done=done, of=of, events=events, seconds=seconds, seconds_left=left
        )
        if time.monotonic() - self._written >= EVERY_S:
            self._write()
            if (self.path.parent / _STOP).exists():
                raise Stopped

    def end(self, **changes: Any) -> None:
        """Write the last state."""
        seconds = time.monotonic() - self._begun
        self.state = replace(self.state, seconds=seconds, seconds_left=None, **changes)
        self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        with suppress(OSError):  # the upload may have been discarded meanwhile
            store.write_json(self.path, asdict(self.state))


def start(
    upload_id: str, state: Progress, work: Callable[[Ticker], dict[str, Any]], patience: float
) -> Progress:
    """Start work on an upload in a thread of this process.

    Args:
        upload_id: Whose files.
        state: What it is called, by whom, by which mapping.
        work: Does it, ticking; returns changes of the last state.
        patience: Seconds to wait for short work to be done.

    Raises:
        Refused: `import.busy` while other work of this site goes on.
    """
    home = store.place(upload_id)
    held = _hold(upload_id, state.kind)
    (home / _STOP).unlink(missing_ok=True)
    state = replace(state, state="running", started_at=clock.stamp(clock.now()))
    ticker = Ticker(state, home / f"{state.kind}.json")
    ticker.begin()
    thread = threading.Thread(
        target=_perform, args=(ticker, work, held), name=f"import-{upload_id}", daemon=True
    )
    thread.start()
    thread.join(patience)
    return progress(upload_id, state.kind) or ticker.state


def progress(upload_id: str, kind: str) -> Progress | None:
    """Return how far the last work of a kind is; one whose process ended is `interrupted`."""
    found = store.read_json(store.place(upload_id) / f"{kind}.json")
    if not isinstance(found, dict):
        return None
    issues = tuple(Issue(**one) for one in found.pop("issues", ()))
    state = Progress(**found, issues=issues)
    if state.state == "running" and _at_work() != (upload_id, kind):
        again = store.read_json(store.place(upload_id) / f"{kind}.json")
        if again and again["state"] == "running":
            return replace(state, state="interrupted", seconds_left=None)
        return progress(upload_id, kind)
    return state


def stop(upload_id: str) -> None:
    """Ask the work on an upload to stop; it does so within a second or two."""
    (store.place(upload_id) / _STOP).touch()


def busy() -> str:
    """Return the upload that is worked on at this moment by any process; empty when none is."""
    return _at_work()[0]


def _at_work() -> tuple[str, str]:
    path = store.folder() / "busy"
    try:
        handle = path.open("r", encoding="ascii")
    except OSError:
        return "", ""
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            upload_id, _, kind = handle.read().strip().partition(" ")
            return upload_id, kind
    return "", ""


def _hold(upload_id: str, kind: str) -> TextIOWrapper:
    """Take the site's one place to work at; it is given back when the file is closed."""
    handle = (store.folder() / "busy").open("a+", encoding="ascii")
    for _ in range(5):  # somebody may be looking at this very moment whether it is free
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.02)
        else:
            handle.truncate(0)
            handle.write(f"{upload_id} {kind}")
            handle.flush()
            return handle
    handle.close()
    raise Refused(
        "import.busy",
        "Another import or preview of this site is going on. Nothing was started.",
        {"todo": "Wait until it is done, then try again."},
    )


def _perform(ticker: Ticker, work: Callable[[Ticker], dict[str, Any]], held: TextIOWrapper) -> None:
    try:
        ticker.end(state="done", **work(ticker))
    except Stopped:
        ticker.end(state="stopped")
    except DaytwoError as error:
        ticker.end(state="failed", problem=error.detail, code=error.code, issues=issues_of(error))
    except Exception:
        log.exception("an import failed")
        ticker.end(
            state="failed",
            code="import.fault",
            problem="Something failed on our side. What was made before is kept.",
        )
    finally:
        connections.close_all()
        held.close()


def issues_of(error: DaytwoError) -> tuple[Issue, ...]:
    """Return the problems that an error tells one by one."""
    listed = error.info.get("problems") if isinstance(error, ConnectorError) else None
    if not isinstance(listed, list):
        return ()
    return tuple(Issue(str(p["where"]), str(p["what"]), int(p.get("line") or 0)) for p in listed)
