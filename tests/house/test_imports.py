"""Imports go down only: the contracts hold, and each of them notices its violation."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.house.tree import ROOT, plant

if TYPE_CHECKING:
    from pathlib import Path

LINTER = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder: Path) -> tuple[int, str]:
    """Run the contracts of this project on the package below a folder; return status and text."""
    done = subprocess.run(
        [sys.executable, "-c", LINTER, "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout + done.stderr


def skeleton(folder: Path) -> None:
    """Build the empty house: every wing and floor that the contracts speak of."""
    wings = "config doors insight record kernel"
    floors = "release quality laboratory batches recipes resources access ledger"
    doors = "web api connectors jobs monitoring simulator"
    names = [
        *wings.split(),
        *(f"record/{name}" for name in floors.split()),
        *(f"insight/{name}" for name in ("governance", "detection", "kpis", "facts")),
        *(f"doors/{name}" for name in doors.split()),
    ]
    for name in ["", *names]:
        plant(folder, f"daytwo/{name}/__init__.py", "")
    for room in ("commands", "rules", "events", "models"):
        plant(folder, f"daytwo/record/batches/{room}.py", "")
        plant(folder, f"daytwo/record/release/{room}.py", "")
        plant(folder, f"daytwo/insight/governance/{room}.py", "")


def test_contracts_hold() -> None:
    status, text = lint(ROOT / "src")
    assert status == 0, text


def test_empty_house_breaks_no_contract(tmp_path: Path) -> None:
    skeleton(tmp_path)
    status, text = lint(tmp_path)
    assert status == 0, text


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("record/batches/commands.py", "import daytwo.insight.kpis", "wings"),
        ("insight/kpis/x.py", "import daytwo.doors.web", "wings"),
        ("drawer/__init__.py", "", "wings"),
        ("record/batches/commands.py", "import daytwo.record.release.models", "record floors"),
        ("record/drawer/__init__.py", "", "record floors"),
        ("insight/facts/x.py", "import daytwo.insight.detection", "insight floors"),
        ("doors/jobs/x.py", "import daytwo.doors.web", "doors do not know each other"),
        (
            "doors/simulator/x.py",
            "import daytwo.record.batches",
            "the simulator knows nothing of the record",
        ),
        (
            "record/batches/rules.py",
            "import daytwo.record.batches.models",
            "rooms of a capability",
        ),
        (
            "record/batches/rules.py",
            "import django.db",
            "kernel, rules and events know no framework",
        ),
        ("kernel/x.py", "import django", "kernel, rules and events know no framework"),
        ("record/batches/commands.py", "import duckdb", "the record needs no analytics engine"),
    ],
)
def test_violation_breaks_its_contract(tmp_path: Path, path: str, line: str, contract: str) -> None:
    skeleton(tmp_path)
    plant(tmp_path, f"daytwo/{path}", line + "\n")
    status, text = lint(tmp_path)
    assert status != 0
    broken = re.findall(r"^(.+?)\s+BROKEN", text, re.MULTILINE)
    assert contract in broken, text
