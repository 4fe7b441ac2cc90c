"""Every KPI, detector and enforcement rule names the clause or paper it comes from.

In a `References:` section of the docstring, or, where the thing is registered, in the decorator's
`references=`: either is enough, none is not.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.house.tree import PACKAGE, ROOT, Function, modules, plant, public_functions, room, tree

if TYPE_CHECKING:
    from pathlib import Path

SECTION = re.compile(r"^\s*References:\n\s+\S", re.MULTILINE)
"""The heading and at least one line of content below it."""


def places(root: Path) -> list[Path]:
    """Return the modules whose public functions decide something a reader may doubt."""
    definitions = modules(
        root, PACKAGE / "insight/kpis/definitions", PACKAGE / "insight/detection/detectors"
    )
    return definitions + room(root, "rules", "record", "insight")


def without_references(root: Path) -> list[str]:
    return [
        f"{path}:{node.lineno} {node.name}"
        for path in places(root)
        for node in public_functions(tree(root, path))
        if not refers(node)
    ]


def refers(node: Function) -> bool:
    registered = any(
        keyword.arg == "references" and isinstance(keyword.value, ast.Tuple) and keyword.value.elts
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
    )
    return registered or bool(SECTION.search((ast.get_docstring(node) or "") + "\n"))


def test_every_kpi_detector_and_rule_has_references() -> None:
    assert without_references(ROOT) == []


@pytest.mark.parametrize(
    "path",
    [
        "src/daytwo/insight/kpis/definitions/k1.py",
        "src/daytwo/insight/detection/detectors/drift.py",
        "src/daytwo/record/batches/rules.py",
        "src/daytwo/record/batches/rules/limits.py",
    ],
)
def test_missing_references_are_named(tmp_path: Path, path: str) -> None:
    plant(tmp_path, path, 'def within(x):\n    """Say whether.\n\n    References:\n    """\n')
    assert without_references(tmp_path) == [f"{path}:1 within"]
    plant(tmp_path, path, "def within(x):\n    pass\n")
    assert without_references(tmp_path) == [f"{path}:1 within"]
    text = 'def within(x):\n    """Say whether.\n\n    References:\n        A clause.\n    """\n'
    plant(tmp_path, path, text)
    assert without_references(tmp_path) == []


@pytest.mark.parametrize(("given", "count"), [("('Shewhart 1931',)", 0), ("()", 1)])
def test_references_may_be_registered(tmp_path: Path, given: str, count: int) -> None:
    text = f"@detector('drift', references={given})\ndef drift(series):\n    pass\n"
    plant(tmp_path, "src/daytwo/insight/detection/detectors/drift.py", text)
    assert len(without_references(tmp_path)) == count


def test_private_functions_are_excused(tmp_path: Path) -> None:
    plant(tmp_path, "src/daytwo/record/batches/rules.py", "def _step(x):\n    pass\n")
    assert without_references(tmp_path) == []
