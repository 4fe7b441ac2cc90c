"""The demonstration site, made once by the command that makes it for everybody."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S = 240
DATABASE = "daytwo.sqlite3"
DEMO = ("demo", "--no-serve", "--years", "0.25")


def daytwo(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, on SQLite, as a person would."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("DAYTWO", "DATABASE"))
    }
    return subprocess.run(
        [sys.executable, "-m", "daytwo.config.cli", *arguments],
        check=check,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        env=environment,
    )


def free_port() -> int:
    """Return a port that nobody listens on; the system gives another at each call."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def copied(demo: Path, data: Path) -> Path:
    """Copy a site that others may be reading: its database as one state, not file by file."""
    shutil.copytree(demo, data, ignore=shutil.ignore_patterns(f"{DATABASE}*"))
    with (
        closing(sqlite3.connect(demo / DATABASE)) as there,
        closing(sqlite3.connect(data / DATABASE)) as here,
    ):
        there.backup(here)
    return data


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demonstration site; return its data directory. Copy it before changing it.

    It takes long, so processes that share the tests make one for all: the first that asks.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    data, done = folder / "demo", folder / "demo-is-made"
    with (folder / "demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            made = daytwo(*DEMO, "--data", str(data), "--json")
            assert json.loads(made.stdout)["made"] is True
            done.touch()
    return data
