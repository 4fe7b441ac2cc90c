"""The lock: one at a time, free again however its holder ends."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from daytwo.insight.facts.storage.lock import only_one

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys, time
from pathlib import Path
from daytwo.insight.facts.storage.lock import only_one
with only_one(Path(sys.argv[1]), wait=True) as mine:
    print(mine, flush=True)
    time.sleep(60)
"""


def test_second_holder_is_told_no(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with only_one(path, wait=True) as first:
        assert first
        with only_one(path, wait=False) as second:
            assert not second
    with only_one(path, wait=False) as again:
        assert again


def test_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        with only_one(path, wait=False) as mine:
            assert not mine
        process.kill()
    with only_one(path, wait=False) as mine:
        assert mine


def test_error_inside_frees_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x"), only_one(tmp_path / "lock", wait=True):
        raise ValueError("x")
    with only_one(tmp_path / "lock", wait=False) as mine:
        assert mine
