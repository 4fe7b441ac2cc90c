"""Files and functions stay short enough to be read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.house.tree import OURS, ROOT, functions, modules, plant, tree

if TYPE_CHECKING:
    from pathlib import Path

LINES_OF_A_FILE = 500
LINES_OF_A_TEST_FILE = 800
LINES_OF_A_FUNCTION = 60


def long_files(root: Path) -> list[str]:
    found = []
    for path in modules(root, *OURS):
        limit = LINES_OF_A_TEST_FILE if path.parts[0] == "tests" else LINES_OF_A_FILE
        lines = len((root / path).read_text(encoding="utf-8").splitlines())
        if lines > limit:
            found.append(f"{path}: {lines} lines, {limit} allowed")
    return found


def long_functions(root: Path) -> list[str]:
    found = []
    for path in modules(root, *OURS):
        for function in functions(tree(root, path)):
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > LINES_OF_A_FUNCTION:
                found.append(f"{path}:{function.lineno} {function.name}: {lines} lines")
    return found


def test_files_are_within_their_length() -> None:
    assert long_files(ROOT) == []


def test_functions_are_within_their_length() -> None:
    assert long_functions(ROOT) == []


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("src/daytwo/long.py", 500), ("tests/test_long.py", 800), ("bench/long.py", 500)],
)
def test_long_file_is_named(tmp_path: Path, path: str, allowed: int) -> None:
    plant(tmp_path, path, "x = 1\n" * allowed)
    assert long_files(tmp_path) == []
    plant(tmp_path, path, "x = 1\n" * (allowed + 1))
    assert long_files(tmp_path) == [f"{path}: {allowed + 1} lines, {allowed} allowed"]


def test_long_method_is_named(tmp_path: Path) -> None:
    text = "class Thing:\n    def act(self):\n" + "        x = 1\n" * 59
    plant(tmp_path, "src/daytwo/thing.py", text)
    assert long_functions(tmp_path) == []
    plant(tmp_path, "src/daytwo/thing.py", text + "        x = 1\n")
    assert long_functions(tmp_path) == ["src/daytwo/thing.py:2 act: 61 lines"]
