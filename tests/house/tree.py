"""What the house tests look at: the folders of the project, its modules and their syntax trees."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path("src/daytwo")
OURS = ("src", "tests", "bench", "soak")
"""Folders whose Python is written here."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(root: Path, *folders: str | Path) -> list[Path]:
    """Return the Python files below the folders of a checkout, as paths relative to its root."""
    return sorted(
        path.relative_to(root)
        for folder in folders
        for path in (root / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def files(root: Path, *folders: str | Path) -> list[Path]:
    """Return every file below the folders of a checkout, as paths relative to its root."""
    return sorted(
        path.relative_to(root)
        for folder in folders
        for path in (root / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


def room(root: Path, name: str, *wings: str) -> list[Path]:
    """Return the modules of one room in every capability, be it a file or a folder of the name."""
    return [
        path
        for path in modules(root, *(PACKAGE / wing for wing in wings))
        if path.stem == name or name in path.parent.parts
    ]


def tree(root: Path, path: Path) -> ast.Module:
    return ast.parse((root / path).read_text(encoding="utf-8"), filename=str(path))


def functions(node: ast.AST) -> Iterator[Function]:
    """Yield every function and method at any depth."""
    for child in ast.walk(node):
        if isinstance(child, Function):
            yield child


def public_functions(module: ast.Module) -> Iterator[Function]:
    """Yield the functions that a module offers to others."""
    for node in module.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node


def plant(root: Path, path: str, text: str) -> None:
    """Write a file into a checkout made up for a test, to see a check fail."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
