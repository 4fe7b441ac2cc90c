"""No rule of the linters is switched off without its reason beside it."""

from __future__ import annotations

import re

import pytest

from tests.house.tree import ROOT

ENTRY = re.compile(r'^\s+"(?P<rule>[A-Z]+\d*)",(?P<rest>.*)$')
REASON = re.compile(r"#\s*\S+\s+\S+")
"""At least two words; a bare rule name is no reason."""


def unexplained(text: str) -> list[str]:
    """Name the ignored rules that have no comment on their own line."""
    lint = re.search(r"^\[tool\.ruff\.lint\]$.*?(?=^# -{10})", text, re.MULTILINE | re.DOTALL)
    lines = lint.group().splitlines() if lint else []
    entries = [match for line in lines if (match := ENTRY.match(line))]
    return [entry["rule"] for entry in entries if not REASON.search(entry["rest"])]


def test_every_ignored_rule_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'select = ["ALL"]' in text
    assert unexplained(text) == []


@pytest.mark.parametrize("comment", ["", " #", " # noise"])
def test_ignored_rule_without_reason_is_named(comment: str) -> None:
    text = (
        '[tool.ruff.lint]\nignore = [\n    "D101", # the name is enough\n'
        f'    "ANN401",{comment}\n]\n# ---------- next\n'
    )
    assert unexplained(text) == ["ANN401"]
