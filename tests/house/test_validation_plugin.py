"""The validation matrix says what is shown, what is not, and fails for what must be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.house.tree import ROOT, plant
from tests.validation_plugin import IDS, markdown, matrix, missing, requirements, worst

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """
[tool.pytest.ini_options]
addopts = ["--strict-markers"]
markers = ["requirement(id): shown"]
[tool.daytwo.validation]
required = ["R05", "R06"]
"""
TESTS = """
import pytest

@pytest.mark.requirement("R05")
def test_good(): pass

@pytest.mark.requirement("R05")
@pytest.mark.requirement("R06")
def test_other():
    assert {ok}

@pytest.mark.requirement("R07")
def test_away(): pytest.skip("not here")

def test_plain(): pass
"""


WAYS = [(), ("-n", "2")]


def run(folder: Path, tests: str, *more: str) -> tuple[int, str]:
    plant(folder, "pyproject.toml", PROJECT)
    plant(folder, "test_things.py", tests)
    command = [sys.executable, "-m", "pytest", "-p", "tests.validation_plugin"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", *more],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def results(folder: Path) -> dict[str, str]:
    content = json.loads((folder / "build/validation.json").read_text(encoding="utf-8"))
    return {row["id"]: row["result"] for row in content["requirements"]}


@pytest.mark.parametrize("more", WAYS, ids=["alone", "workers"])
def test_run_writes_the_matrix(tmp_path: Path, more: tuple[str, ...]) -> None:
    status, text = run(tmp_path, TESTS.format(ok=True), *more)
    assert status == 0, text
    found = results(tmp_path)
    assert list(found) == list(IDS)
    assert {name: found[name] for name in ("R05", "R06", "R07", "R08")} == {
        "R05": "passed",
        "R06": "passed",
        "R07": "skipped",
        "R08": "not covered",
    }
    page = (tmp_path / "build/validation.md").read_text(encoding="utf-8")
    assert "`test_things.py::test_good` passed" in page


def test_failing_test_fails_its_requirements(tmp_path: Path) -> None:
    status, text = run(tmp_path, TESTS.format(ok=False))
    assert status == 1
    assert results(tmp_path)["R05"] == "failed"
    assert "required and not shown: R05, R06" in text


def test_required_without_a_test_fails_the_run(tmp_path: Path) -> None:
    status, text = run(tmp_path, "def test_plain(): pass\n")
    assert status == 1
    assert "required and not shown: R05, R06" in text


@pytest.mark.parametrize("more", WAYS, ids=["alone", "workers"])
def test_unknown_requirement_is_refused(tmp_path: Path, more: tuple[str, ...]) -> None:
    tests = 'import pytest\n\n@pytest.mark.requirement("R99")\ndef test_it(): pass\n'
    status, text = run(tmp_path, tests, *more)
    assert status == pytest.ExitCode.USAGE_ERROR
    assert "do not exist: R99" in text


def test_paper_gives_the_texts(tmp_path: Path) -> None:
    plant(tmp_path, "paper.md", "# Title\n1. First asks.\n*heading*\n63. Last asks.\n64. None.\n")
    texts = requirements(tmp_path / "paper.md")
    assert list(texts) == list(IDS)
    assert (texts["R01"], texts["R02"], texts["R63"]) == ("First asks.", "", "Last asks.")
    assert set(requirements(tmp_path / "absent.md").values()) == {""}


def test_teardown_failure_outweighs_a_pass() -> None:
    assert worst(["passed", "passed", "failed"]) == "failed"
    assert worst(["passed", "skipped", "passed"]) == "skipped"


def test_page_lists_what_is_not_covered() -> None:
    rows = matrix({"R01": "a | b", "R02": "c"}, {"t::x": (["R01"], "passed")})
    page = markdown(rows, {"daytwo": "1"}, missing(rows, ["R01", "R02"]))
    assert "| R01 | a \\| b | `t::x` passed | passed |" in page
    assert "- required and not shown: R02" in page
    assert page.rstrip().endswith("R02")
