"""A small share of the drills, in processes of their own as the whole ones run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def drill(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "soak", "--seed", "7", "--scratch", str(tmp_path), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_killed_server_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    found = drill(tmp_path, "--only", "kill", "--kills", "2")
    assert found["kills"] == 2
    assert found["acknowledged"] > 0
    assert found["rows_compared"] == 2
    assert found["wrong"] == []


def test_killed_server_and_ended_connections_lose_nothing_in_postgresql(tmp_path: Path) -> None:
    found = drill(tmp_path, "--only", "kill", "--postgresql", "--kills", "2")
    assert found["kills"] == 2
    assert found["disturbed"] > 0
    assert found["acknowledged"] > 0
    assert found["rows_compared"] == 2
    assert found["wrong"] == []


def test_killed_import_doubles_nothing_and_ends_whole(tmp_path: Path) -> None:
    found = drill(tmp_path, "--only", "import", "--rows", "400", "--import-kills", "1")
    assert found["events"] > 400
    assert found["wrong"] == []


def test_large_file_is_imported_in_flat_memory(tmp_path: Path) -> None:
    found = drill(tmp_path, "--only", "large", "--large-mb", "8")
    assert found["rows"] > 1_900
    assert found["wrong"] == []
