"""The tokens: every text can be read on every ground, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import daytwo.doors.web

CSS = Path(daytwo.doors.web.__file__).parent / "static" / "daytwo"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
LIGHT, DARK, PAPER = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in re.split(r"@media", TOKENS)
)
GROUNDS = ("paper", "surface", "sunk")
TEXTS = ("ink", "ink-2", "ink-3", "accent", "attention", "stop", "done")


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read(scheme: dict[str, str], ground: str, text: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    assert contrast(scheme[text], scheme[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("attention", "attention-soft"),
        ("stop", "stop-soft"),
        ("accent-ink", "accent"),
        ("accent-ink", "accent-strong"),
        ("ink", "accent-soft"),
        ("ink", "attention-soft"),
        ("ink", "stop-soft"),
        ("ink-2", "stop-soft"),
    ],
)
def test_text_on_colour_can_be_read(scheme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(scheme[text], scheme[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("line", ["control", "attention-line", "stop-line", "accent"])
def test_edges_of_controls_and_marks_can_be_seen(scheme: dict[str, str], line: str) -> None:
    """WCAG 2.2, 1.4.11: 3 to 1."""
    assert contrast(scheme[line], scheme["surface"]) >= 3


def test_schemes_name_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys() == PAPER.keys()


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda p: p.name)
def test_colours_come_from_the_tokens(sheet: Path) -> None:
    if sheet.name == "tokens.css":
        pytest.skip("the tokens themselves")
    text = sheet.read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) <= {"#fff"}
    used = set(re.findall(r"var\(--([\w-]+)\)", text))
    known = set(re.findall(r"--([\w-]+):", TOKENS + (CSS / "floor.css").read_text()))
    assert used <= known
