"""The demonstration site, made once by the command that makes it for everybody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S = 240


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


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demonstration site; return its data directory. Copy it before changing it."""
    data = tmp_path_factory.mktemp("demo") / "site"
    made = daytwo("demo", "--no-serve", "--years", "0.25", "--data", str(data), "--json")
    assert json.loads(made.stdout)["made"] is True
    return data
