"""The example record as the tests use it: whole, as plain content, and with one thing changed."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from daytwo.record.recipes.document import MasterBatchRecord, load
from daytwo.record.recipes.document.writing import to_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = files("daytwo").joinpath("examples/mbr/metoprolol-50.yaml").read_text(encoding="utf-8")
EXAMPLE: MasterBatchRecord = load(TEXT)


def steps_of(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the plain steps by id."""
    return {
        step["id"]: step
        for unit_procedure in content["procedure"]
        for operation in unit_procedure["operations"]
        for phase in operation["phases"]
        for step in phase["steps"]
    }


def changed(change: Callable[[dict[str, Any], dict[str, dict[str, Any]]], object]) -> str:
    """Return the example's text after a change to its content and its steps by id."""
    content = EXAMPLE.content()
    change(content, steps_of(content))
    return to_yaml(content)
