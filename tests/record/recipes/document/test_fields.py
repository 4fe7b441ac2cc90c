"""Patterns of the fields."""

from __future__ import annotations

import typing
from typing import Any

import pytest

from daytwo.record.recipes.document import fields


def takes(alias: Any, text: str) -> bool:
    _, rule = typing.get_args(alias)
    return rule.pattern.fullmatch(text) is not None


@pytest.mark.parametrize(
    ("alias", "right", "wrong"),
    [
        (fields.NodeId, ["GRN-070", "UP-10", "ABCD-99"], ["G-070", "GRN-1", "grn-070", "GRN-0700"]),
        (fields.MbrId, ["M-0001", "M-12345678"], ["M-1", "M-123456789", "m-0001", "M-0001\n"]),
        (fields.Code, ["RM-1001", "a", "1.2/3_4", "x" * 40], ["", "-a", "a b", "é", "x" * 41]),
        (fields.Name, ["lod", "a1", "granule_lod"], ["a", "1a", "Lod", "_a", "a-b", "x" * 41]),
        (fields.Date, ["2026-06-15"], ["2026-13-01", "2026-6-15", "2026-06-32", "15.06.2026"]),
        (fields.ExpressionText, ["a / b"], ["", " a", "a ", "a\nb", "ä", "x" * 501]),
        (
            fields.Text,
            ["a", "two\nlines", "60 °C – µm", "😀", "x" * 4000],
            ["", " ", " a", "a\n", "a\rb", "a\x00b", "a\x1bb", "a\u2028b", "a\x85b", "x" * 4001],
        ),
    ],
)
def test_pattern_takes_what_is_right_and_nothing_else(
    alias: Any, right: list[str], wrong: list[str]
) -> None:
    assert [text for text in right if not takes(alias, text)] == []
    assert [text for text in wrong if takes(alias, text)] == []
