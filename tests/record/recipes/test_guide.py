"""The guide for authors says what is so: its excerpts, its rules, its kinds of step."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from daytwo.kernel.units import UNITS
from daytwo.record.recipes.analysis import RULES
from daytwo.record.recipes.document.steps import STEP_CLASSES, Step, StepBase
from daytwo.record.recipes.enums import Severity
from daytwo.record.recipes.expression import MAX_DEPTH, MAX_LENGTH
from tests.record.recipes.example import TEXT

GUIDE = (Path(__file__).parents[3] / "docs" / "mbr.md").read_text(encoding="utf-8")


def test_excerpts_stand_in_the_example() -> None:
    excerpts = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert len(excerpts) == 4
    for excerpt in excerpts:
        assert excerpt in TEXT


def test_rules_are_listed_with_their_severity() -> None:
    listed = dict(re.findall(r"`([a-z]+\.[a-z_]+)`( ⚠)?", GUIDE.partition("## What is checked")[2]))
    assert {code: bool(mark) for code, mark in listed.items()} == {
        entry.code: entry.severity is Severity.WARNING for entry in RULES
    }


@pytest.mark.parametrize("cls", STEP_CLASSES)
def test_kinds_of_step_are_listed_with_their_keys(cls: type[Step]) -> None:
    kind = f"`{cls.kind}`"
    if hasattr(cls, "datatype"):
        kind += f", `datatype: {cls.datatype}`"
    (row,) = re.findall(rf"^\| {re.escape(kind)} \|[^|]*\|([^|]*)\|$", GUIDE, re.MULTILINE)
    own = {entry.name for entry in dataclasses.fields(cls)} - {
        entry.name for entry in dataclasses.fields(StepBase)
    }
    assert set(re.findall(r"`([a-z_]+)`", row)) == own


def test_units_and_bounds_are_as_stated() -> None:
    form = GUIDE.partition("## The form")[2].partition("## Formula")[0]
    form = re.sub(r"```.*?```", "", form, flags=re.DOTALL)
    words = {word for group in re.findall(r"`([^`]+)`", form) for word in group.split()}
    assert set(UNITS) <= words
    assert f"{MAX_LENGTH} characters, {MAX_DEPTH} levels" in GUIDE
