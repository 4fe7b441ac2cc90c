"""An import killed in the middle and started again: nothing doubled, everything there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from bench.site import FILE
from soak import export

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

WRITING = 3 / 4
_APPENDED = (
    "FROM ledger_event WHERE command_name LIKE 'import.%' AND command_name <> 'import.reconcile'"
)
_COUNT = f"SELECT COUNT(*) {_APPENDED}"
_CONTENT = (
    "SELECT stream, version, type, payload, command_id, command_position"
    f" {_APPENDED} ORDER BY stream, version"
)


@dataclass(slots=True)
class Interrupted:
    """What the kills did.

    Attributes:
        rows: Rows of the file.
        seconds_whole: How long the import takes when nobody disturbs it.
        kills: How often it was killed.
        in_the_middle: Of these, with some of its events there and some not.
        events: Events of the whole import.
        wrong: What was not as it must be.
    """

    rows: int
    seconds_whole: float = 0.0
    kills: int = 0
    in_the_middle: int = 0
    events: int = 0
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the figures."""
        return asdict(self)


def run(scratch: Path, template: Path, rows: int, kills: int, chance: Random) -> Interrupted:
    """Import once undisturbed; then elsewhere with kills; compare what is there.

    Args:
        scratch: An empty place.
        template: A populated data directory.
        rows: Rows of the file.
        kills: How often to try; the moments are such that the import lasts for all of them.
        chance: Chooses the moments.
    """
    found = Interrupted(rows)
    mapping, files = export.plant(scratch / "export", rows)
    whole, hurt = scratch / "whole", scratch / "hurt"
    for data in (whole, hurt):
        shutil.copytree(template, data)
    begun = time.monotonic()
    first = _finish(whole, mapping, files)
    found.seconds_whole = round(time.monotonic() - begun, 1)
    wanted = _content(whole)
    found.events = len(wanted)
    _expect(found, first["made"] == rows, f"undisturbed: {_counts(first)}")
    for _ in range(kills):
        _kill_once(found, hurt, _command(hurt, *_import(mapping, files)), kills, chance)
        _check_between(found, hurt, wanted)
    last = _finish(hurt, mapping, files)
    complete = last["read"] == rows == last["made"] + last["already"]
    _expect(found, complete, f"finished after kills: {_counts(last)}")
    _expect(found, _content(hurt) == wanted, "the content is not that of an undisturbed import")
    again = _finish(hurt, mapping, files)
    _expect(found, (again["made"], again["already"]) == (0, rows), f"again: {_counts(again)}")
    for verb in (["verify"], ["rebuild", "--check"]):
        code = _daytwo(hurt, *verb).returncode
        _expect(found, code == 0, f"{' '.join(verb)} after all kills: exit {code}")
    return found


def _kill_once(
    found: Interrupted, data: Path, command: list[str], aimed: int, chance: Random
) -> None:
    before = _count(data)
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Three in four wait for the first new event, so that most kills meet the import at writing.
    if chance.random() < WRITING:
        while process.poll() is None and _count(data) == before:
            time.sleep(0.01)
    try:
        process.wait(chance.uniform(0, found.seconds_whole / aimed))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        found.kills += 1
        found.in_the_middle += before < _count(data) < found.events


def _check_between(found: Interrupted, data: Path, wanted: list[Any]) -> None:
    there = _content(data)
    surplus = set(there) - set(wanted)
    _expect(found, not surplus, f"after kill {found.kills}: {len(surplus)} events too many")
    positions: dict[str, int] = {}
    for *_, command_id, _position in wanted:
        positions[command_id] = positions.get(command_id, 0) + 1
    seen: dict[str, int] = {}
    for *_, command_id, _position in there:
        seen[command_id] = seen.get(command_id, 0) + 1
    halves = [c for c, parts in seen.items() if parts != positions.get(c)]
    _expect(found, not halves, f"after kill {found.kills}: {len(halves)} half commands")
    code = _daytwo(data, "verify").returncode
    _expect(found, code == 0, f"after kill {found.kills}: verify says {code}")


def _finish(data: Path, mapping: Path, files: Path) -> dict[str, Any]:
    done = _daytwo(data, *_import(mapping, files))
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _import(mapping: Path, files: Path) -> list[str]:
    return ["import", "--mapping", str(mapping), "--json", str(files)]


def _daytwo(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(data, *arguments), capture_output=True, text=True, check=False)


def _command(data: Path, verb: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "daytwo.config.cli", verb, "--data", str(data), *arguments]


def _content(data: Path) -> list[Any]:
    with closing(sqlite3.connect(data / FILE)) as connection:
        return connection.execute(_CONTENT).fetchall()


def _count(data: Path) -> int:
    with closing(sqlite3.connect(data / FILE)) as connection:
        return int(connection.execute(_COUNT).fetchone()[0])


def _counts(told: dict[str, Any]) -> str:
    return ", ".join(f"{name} {told[name]}" for name in ("read", "made", "already"))


def _expect(found: Interrupted, holds: bool, otherwise: str) -> None:  # noqa: FBT001 - a condition
    if not holds:
        found.wrong.append(otherwise)
