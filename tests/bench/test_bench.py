"""The smallest run of the bench, so that it does not break unseen; its figures mean nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["step", "import", "kpi", "leadership"])
def test_quick_run_prints_ratios_and_keeps_them(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "--quick", "--only", name]
    done = subprocess.run(
        [*command, "--results", str(tmp_path / "results"), "--scratch", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ratio" in done.stdout
    (path,) = (tmp_path / "results").iterdir()
    kept = path.read_text()
    assert json.loads(kept)["figures"]
    assert str(tmp_path) not in kept
    assert [p.name for p in tmp_path.iterdir()] == ["results"]
