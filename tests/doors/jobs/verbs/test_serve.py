"""`daytwo serve`: how many processes serve which database."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from daytwo.doors.jobs.verbs import serve

POSTGRESQL = "postgresql://db.example/daytwo"


@pytest.fixture(autouse=True)
def processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(3)))


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch):
    def start(url: str, workers: str) -> int:
        """Start a server that only notes what it was asked for."""
        asked: dict[str, object] = {}

        class Noted:
            def __init__(self, target: str, **settings: object) -> None:
                asked.update(settings, target=target)

            def serve(self) -> None:
                folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
                asked.update(served=True, adds_up=bool(folder) and Path(folder).is_dir())

        monkeypatch.setattr("granian.Granian", Noted)
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("DAYTWO_WORKERS", workers)
        serve.run_server("127.0.0.1", 8000)
        assert asked["served"]
        assert asked["adds_up"] is (asked["workers"] != 1)
        assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
        return int(str(asked["workers"]))

    return start


@pytest.mark.parametrize(
    ("url", "given", "expected"),
    [("", "", 1), ("", "4", 1), (POSTGRESQL, "", 3), (POSTGRESQL, "1", 1), (POSTGRESQL, "9", 9)],
)
def test_embedded_file_has_one_process_and_postgresql_several(served, url, given, expected):
    assert served(url, given) == expected


def test_few_processes_also_on_a_large_machine(served, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    assert served(POSTGRESQL, "") == serve.MOST_WORKERS


@pytest.mark.parametrize("given", ["0", "-1", "two", "1.5", " "])
def test_number_that_is_none_is_refused(served, given):
    with pytest.raises(click.ClickException, match="DAYTWO_WORKERS must be a whole number"):
        served(POSTGRESQL, given)
