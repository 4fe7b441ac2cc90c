"""Fifty people on the leadership page of a site with years behind it, while work goes on."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench import master, visitors
from bench.clients import Client
from bench.figures import Figure, at_least, at_most, context
from bench.plan import Ground, Measurement, Scale
from bench.rounds import percentile
from bench.server import Server
from bench.site import hand, issue, release
from bench.wire import COMPLETE, body

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = "leadership page"
P95_MS = 150
FIRST_KB = 500
TILES = 6
STEP_EVERY_SECONDS = 2
"""What moves the ledger meanwhile."""
WORKER, READER = "olga", "lea"
HERE = Path(__file__).resolve().parent
WEEKS_A_YEAR = 52


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Import a simulated plant, then let people stay on the page while steps are done."""
    from daytwo.doors.jobs.demo.cast import PASSWORD  # noqa: PLC0415 - after setup
    from daytwo.insight.facts.follow import follower  # noqa: PLC0415
    from daytwo.record.ledger.reading import last_seq  # noqa: PLC0415

    _import_plant(ground.data, scale.years)
    token, steps = _work(scale.staying)
    follower().refresh()
    with Server(ground.data) as server, _Working(server.port, token, steps):
        seen = visitors.run(server.port, scale.visitors, scale.staying, (READER, PASSWORD))
    return list(_lines(scale, seen, last_seq()))


def _lines(scale: Scale, seen: visitors.Seen, events: int) -> Iterator[Figure]:
    yield context(GROUP, f"events behind it, {scale.years:g} years", events, "events")
    yield context(GROUP, f"answers for {scale.visitors} people", len(seen.page), "")
    yield context(GROUP, "  of these with newer figures", seen.moved, "")
    yield context(GROUP, "  p50", percentile(seen.page, 0.5) * 1000, "ms")
    yield at_most(GROUP, "  p95", percentile(seen.page, 0.95) * 1000, "ms", P95_MS)
    if seen.empty:
        beside = percentile(seen.empty, 0.95) * 1000
        yield context(GROUP, "  p95 of an empty page, asked by the same people", beside, "ms")
    yield context(GROUP, "charts, asked for when the page stands", len(seen.charts), "")
    yield context(GROUP, "  p95", percentile(seen.charts, 0.95) * 1000, "ms")
    yield at_most(
        GROUP,
        f"first load, {seen.files} files and the page",
        seen.first_bytes / 1e3,
        "kB",
        FIRST_KB,
    )
    yield at_least(GROUP, "figures in the page before a chart", seen.values, "figures", TILES)


def _import_plant(data: Path, years: float) -> None:
    """Simulate a plant up to now and import its exports, as a customer would."""
    from daytwo.doors.jobs.verbs.demo import SYSTEMS  # noqa: PLC0415 - after setup

    folder = data / "plant"
    start = datetime.now(UTC).date() - timedelta(weeks=round(years * WEEKS_A_YEAR))
    _daytwo("simulate", "--out", folder, "--years", years, "--start", start.isoformat())
    for system in SYSTEMS:
        _daytwo("import", folder, "--mapping", f"plant-{system}", "--data", data)


def _daytwo(*words: object) -> None:
    command = [sys.executable, "-m", "daytwo.config.cli", *map(str, words)]
    subprocess.run(command, check=True, cwd=HERE.parent, stdout=subprocess.DEVNULL)


def _work(seconds: float) -> tuple[str, list[dict[str, object]]]:
    """Return a token and as many steps as will be done meanwhile."""
    from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup
    from daytwo.record.access.account import make_token  # noqa: PLC0415

    batches = issue(
        f"L-{n:05d}" for n in range(2 + int(seconds * 2 / STEP_EVERY_SECONDS / master.STEPS))
    )
    release()
    steps = [
        body(batch, number, new_id()) for batch in batches for number in range(1, master.STEPS + 1)
    ]
    return make_token(hand(WORKER).by, "bench", 1, command_id=new_id()), steps


class _Working:
    """A step every so often, until the end of the block."""

    def __init__(self, port: int, token: str, steps: list[dict[str, object]]) -> None:
        self._client = Client(port, token)
        self._steps = steps
        self._over = threading.Event()
        self._failed: list[Exception] = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._failed:
            raise RuntimeError("a step failed meanwhile") from self._failed[0]

    def _run(self) -> None:
        for step in self._steps:
            if self._over.wait(STEP_EVERY_SECONDS):
                return
            try:
                self._client.send("POST", COMPLETE, step)
            except Exception as error:  # noqa: BLE001 - told at the end, in the thread that asked
                self._failed.append(error)
                return


MEASUREMENT = Measurement("leadership", ("disk",), measure)
