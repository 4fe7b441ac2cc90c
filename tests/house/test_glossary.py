"""The glossary is the one list of names: every model and every event has its entry."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.house.tree import ROOT, plant, room, tree

if TYPE_CHECKING:
    from pathlib import Path

WINGS = ("record", "insight", "doors")


def models(root: Path) -> list[str]:
    """Return the names of the Django models, read from the source: no Django needed."""
    return [
        node.name
        for path in room(root, "models", *WINGS)
        for node in tree(root, path).body
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).rpartition(".")[2] == "Model" for base in node.bases)
    ]


def events(root: Path) -> list[str]:
    """Return the names of the classes that are registered in the event catalogue."""
    return [
        node.name
        for path in room(root, "events", *WINGS)
        for node in tree(root, path).body
        if isinstance(node, ast.ClassDef)
        and any(
            isinstance(decorator, ast.Call)
            and ast.unparse(decorator.func).rpartition(".")[2] == "event"
            for decorator in node.decorator_list
        )
    ]


def missing(root: Path) -> list[str]:
    path = root / "GLOSSARY.md"
    words = set(re.findall(r"\w+", path.read_text(encoding="utf-8"))) if path.exists() else set()
    return sorted({*models(root), *events(root)} - words)


def test_glossary_has_every_model_and_event() -> None:
    assert missing(ROOT) == []


def test_models_and_events_are_found_at_all() -> None:
    assert len(models(ROOT)) > 5
    assert len(events(ROOT)) > 5


MODEL = "from django.db import models\n\n\nclass Batch(models.Model):\n    pass\n"
EVENT = (
    '@catalogue.event("batch.issued")\n@dataclass(frozen=True)\nclass BatchIssued:\n    x: int\n'
)


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("src/daytwo/record/batches/models.py", MODEL, "Batch"),
        ("src/daytwo/record/batches/models/rows.py", MODEL, "Batch"),
        ("src/daytwo/record/batches/events.py", EVENT, "BatchIssued"),
        ("src/daytwo/record/batches/events/issue.py", EVENT, "BatchIssued"),
    ],
)
def test_missing_entry_is_named(tmp_path: Path, path: str, text: str, name: str) -> None:
    plant(tmp_path, path, text)
    assert missing(tmp_path) == [name]
    plant(tmp_path, "GLOSSARY.md", "A word that only contains it: Batches, BatchIssuedLate.\n")
    assert missing(tmp_path) == [name]
    plant(tmp_path, "GLOSSARY.md", f"- **{name}**: what it means.\n")
    assert missing(tmp_path) == []
