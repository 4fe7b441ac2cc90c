"""Reported texts as numbers."""

from __future__ import annotations

import pytest

from daytwo.insight.facts.numbers import as_float


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("93.83", 93.83),
        ("-0", 0.0),
        ("1E+2", 100.0),
        ("< 0.05", None),
        ("complies", None),
        ("NaN", None),
        ("Infinity", None),
        ("", None),
        (None, None),
    ],
)
def test_only_numbers_are_numbers(text: str | None, number: float | None) -> None:
    assert as_float(text) == number
