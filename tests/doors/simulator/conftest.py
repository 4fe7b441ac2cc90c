"""Plants simulated once: a quarter of a year for most tests, two years for planted effects."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.doors.simulator.parameters.load import load
from daytwo.doors.simulator.simulate import simulate
from tests.doors.simulator.reading import read

if TYPE_CHECKING:
    from pathlib import Path

    from daytwo.doors.simulator.simulate import Outcome

QUARTER = {"plant": {"years": 0.25}}


class Tables(dict[str, list[dict[str, Any]]]):
    """Tables by file, each read when it is asked for."""

    def __init__(self, folder: Path, dirty: set[tuple[str, int]]) -> None:
        super().__init__()
        self._folder, self._dirty = folder, dirty

    def __missing__(self, name: str) -> list[dict[str, Any]]:
        self[name] = read(self._folder, name, self._dirty)
        return self[name]


@dataclass(frozen=True)
class Plant:
    """A simulated plant as files: `tables` without exact repeats and unreadable rows."""

    folder: Path
    outcome: Outcome
    answers: dict[str, Any]
    tables: Tables
    seconds: float


def simulated(folder: Path, seed: int, figures: dict[str, dict[str, object]]) -> Plant:
    before = time.process_time()
    outcome = simulate(load(seed, figures=figures), folder)
    seconds = time.process_time() - before
    dirty = {(d["file"], d["row"]) for d in outcome.answers["dirt"] if d["scope"] == "row"}
    return Plant(folder, outcome, outcome.answers, Tables(folder, dirty), seconds)


@pytest.fixture(scope="session")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    return simulated(tmp_path_factory.mktemp("quarter"), 7, QUARTER)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    return simulated(tmp_path_factory.mktemp("full"), 1, {})
