"""Every module with behaviour has a test of its own, at the mirrored place.

The rule, instead of a list that could grow unseen: a module has behaviour when it defines a
function that does something. So enums, errors, events, models, settings and package files need no
twin as long as they only declare, and need one the day they compute.

- `src/daytwo/a/b/c.py` is tested by `tests/a/b/test_c.py`;
- a room or page that is a folder, `a/b/commands/issue.py` or `doors/web/step/page.py`, may be
  tested as a whole by `tests/a/b/test_commands.py` or `tests/doors/web/test_step.py`; but each
  KPI and each detector keeps a test of its own;
- a function of `errors.py` that only puts an error into words is a declaration;
- a migration runs whenever a test database is made; `ready` in `apps.py` whenever Django starts.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.house.tree import PACKAGE, ROOT, Function, functions, modules, plant, tree

if TYPE_CHECKING:
    from pathlib import Path

EACH_ITS_OWN = ("definitions", "detectors")
"""Folders of many things that stand each for itself: one test for all would hide one."""

DEPTH_OF_A_ROOM = 3
"""Wing, floor, room: above that a folder is no room, and one test cannot speak for it."""


def words_an_error(function: Function) -> bool:
    """Tell a function that does nothing but return or raise one call, below its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    line = body[0] if len(body) == 1 else None
    what = getattr(line, "value", None) or getattr(line, "exc", None)
    return isinstance(line, ast.Return | ast.Raise) and isinstance(what, ast.Call)


def does_something(function: Function) -> bool:
    """Tell a body from a declaration: a protocol's `...`, a docstring alone, an overload."""
    if any(ast.unparse(decorator).endswith("overload") for decorator in function.decorator_list):
        return False
    return not all(
        isinstance(line, ast.Pass)
        or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        for line in function.body
    )


def has_behaviour(root: Path, path: Path) -> bool:
    if "migrations" in path.parts:
        return False
    return any(
        does_something(function)
        for function in functions(tree(root, path))
        if not (path.name == "apps.py" and function.name == "ready")
        and not (path.name == "errors.py" and words_an_error(function))
    )


def twins(path: Path) -> list[str]:
    """Return the places where the test of a module may lie, the mirrored one first."""
    inside = path.relative_to(PACKAGE)
    folder = inside.parent
    if path.stem == "__init__":
        places = [folder.parent / f"test_{folder.name or 'daytwo'}.py"]
    else:
        places = [folder / f"test_{path.stem.strip('_')}.py"]
    if len(folder.parts) >= DEPTH_OF_A_ROOM and folder.name not in EACH_ITS_OWN:
        places.append(folder.parent / f"test_{folder.name}.py")
    return [f"tests/{place.as_posix()}" for place in places]


def has_tests(path: Path) -> bool:
    return path.exists() and any(
        function.name.startswith("test_")
        for function in functions(ast.parse(path.read_text(encoding="utf-8")))
    )


def untested(root: Path) -> list[str]:
    return [
        f"{path}: no test in {' or '.join(twins(path))}"
        for path in modules(root, PACKAGE)
        if has_behaviour(root, path) and not any(has_tests(root / twin) for twin in twins(path))
    ]


def test_every_module_with_behaviour_has_its_twin() -> None:
    assert untested(ROOT) == []


BEHAVIOUR = "def act():\n    return 1\n"
TEST = "def test_act():\n    assert True\n"


def test_module_without_twin_is_named(tmp_path: Path) -> None:
    plant(tmp_path, "src/daytwo/a/b.py", BEHAVIOUR)
    assert untested(tmp_path) == ["src/daytwo/a/b.py: no test in tests/a/test_b.py"]
    plant(tmp_path, "tests/a/test_b.py", TEST)
    assert untested(tmp_path) == []


def test_twin_without_a_test_does_not_count(tmp_path: Path) -> None:
    plant(tmp_path, "src/daytwo/a/b.py", BEHAVIOUR)
    plant(tmp_path, "tests/a/test_b.py", "from daytwo.a import b\n")
    assert len(untested(tmp_path)) == 1


@pytest.mark.parametrize("name", ["enums", "errors", "events", "models", "settings", "__init__"])
def test_declaring_room_needs_a_twin_once_it_computes(tmp_path: Path, name: str) -> None:
    plant(tmp_path, f"src/daytwo/a/{name}.py", "class A:\n    x = 1\n    def y(self): ...\n")
    assert untested(tmp_path) == []
    plant(tmp_path, f"src/daytwo/a/{name}.py", "class A:\n    def y(self):\n        return 1\n")
    assert len(untested(tmp_path)) == 1


def test_ready_is_excused_in_apps_alone(tmp_path: Path) -> None:
    plant(tmp_path, "src/daytwo/a/apps.py", "class A:\n    def ready(self):\n        go()\n")
    assert untested(tmp_path) == []
    plant(tmp_path, "src/daytwo/a/b.py", "class A:\n    def ready(self):\n        go()\n")
    assert len(untested(tmp_path)) == 1


def test_page_may_be_tested_as_a_folder(tmp_path: Path) -> None:
    plant(tmp_path, "src/daytwo/doors/web/step/page.py", BEHAVIOUR)
    plant(tmp_path, "src/daytwo/doors/web/step/parts.py", BEHAVIOUR)
    assert len(untested(tmp_path)) == 2
    plant(tmp_path, "tests/doors/web/test_step.py", TEST)
    assert untested(tmp_path) == []


def test_room_may_be_tested_as_a_folder(tmp_path: Path) -> None:
    plant(tmp_path, "src/daytwo/record/a/commands/issue.py", BEHAVIOUR)
    assert len(untested(tmp_path)) == 1
    plant(tmp_path, "tests/record/a/test_commands.py", TEST)
    assert untested(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ("src/daytwo/record/a/commands.py", "tests/record/test_a.py"),
        ("src/daytwo/insight/kpis/definitions/k1.py", "tests/insight/kpis/test_definitions.py"),
        (
            "src/daytwo/insight/detection/detectors/drift.py",
            "tests/insight/detection/test_detectors.py",
        ),
    ],
)
def test_one_test_cannot_speak_for_a_floor(tmp_path: Path, path: str, whole: str) -> None:
    plant(tmp_path, path, BEHAVIOUR)
    plant(tmp_path, whole, TEST)
    assert len(untested(tmp_path)) == 1


def test_wording_of_an_error_is_a_declaration(tmp_path: Path) -> None:
    text = 'def gone(x):\n    """Say it."""\n    return Unknown("a.gone", f"{x} is gone.")\n'
    plant(tmp_path, "src/daytwo/a/errors.py", text)
    assert untested(tmp_path) == []
    plant(tmp_path, "src/daytwo/a/b.py", text)
    assert len(untested(tmp_path)) == 1
    plant(tmp_path, "src/daytwo/a/errors.py", "def gone(x):\n    if x:\n        raise A()\n")
    assert len(untested(tmp_path)) == 2
