"""From a chart's spec to SVG in the page: the page's colours, no script, no inline style."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from daytwo.doors.web.charts.drawing import DRAWER

INK = "var(--ink)"
INK_2 = "var(--ink-2)"
LINE = "var(--line)"
LINE_STRONG = "var(--line-strong)"
CONTROL = "var(--control)"
ATTENTION = "var(--attention-line)"
ACCENT = "var(--accent)"
ACCENT_SOFT = "var(--accent-soft)"
SURFACE = "var(--surface)"
SUNK = "var(--sunk)"
ATTENTION_DEEP = "var(--attention)"

ON_PAPER = {
    INK: "#000000",
    INK_2: "#222222",
    LINE: "#dddddd",
    LINE_STRONG: "#a6a6a6",
    CONTROL: "#777777",
    ATTENTION: "#b35900",
    ACCENT: "#0d5a6e",
    ACCENT_SOFT: "#e0edf1",
    SURFACE: "#ffffff",
    SUNK: "#eeeeee",
    ATTENTION_DEEP: "#8f4700",
}
"""The same tokens where no style sheet reaches, such as a PDF."""

PADDING = {"left": 4, "top": 4, "right": 28, "bottom": 4}
"""Room for direct labels in a reader's font that runs wider than the renderer's."""
_FONT_SIZE = 13
_FONT = "system-ui, sans-serif"
FONT_ON_PAPER = "Libertinus Serif"
"""Comes with the engine that sets the sheets, so that paper looks the same on every machine."""
_ROOT = re.compile(r"<svg\b[^>]*>")
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_SIZE = re.compile(r'\b(width|height|viewBox)="([^"]*)"')

CONFIG: dict[str, Any] = {
    "aria": False,  # the figure says it once, in words and as a table
    "font": _FONT,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "domainColor": LINE_STRONG,
        "tickColor": LINE_STRONG,
        "gridColor": LINE,
        "labelColor": INK_2,
        "titleColor": INK_2,
        "titleFontWeight": "normal",
        "labelFontSize": _FONT_SIZE,
        "titleFontSize": _FONT_SIZE,
        "labelPadding": 6,
        "titlePadding": 10,
    },
    "text": {"fontSize": _FONT_SIZE, "color": INK_2},
}
"""One look for every chart: little ink, direct labels, no legend, no frame."""


def inline(spec: dict[str, Any], words: str) -> Markup:
    """Return a Vega-Lite spec as an SVG element for a page.

    Args:
        spec: The chart as Vega-Lite; colours are the tokens of this module.
        words: What the chart shows, for those who do not see it.
    """
    svg = _svg(json.dumps(spec, sort_keys=True))
    root = _ROOT.search(svg)
    if root is None:
        message = "the chart renderer gave no SVG"
        raise ValueError(message)
    size = " ".join(f'{name}="{value}"' for name, value in _SIZE.findall(root.group()))
    opening = Markup('<svg {} role="img" aria-label="{}">').format(Markup(size), words)  # noqa: S704
    # The root says it all; the renderer's own roles inside would be images without a name.
    return opening + Markup(_ROLES.sub("", svg[root.end() :]))  # noqa: S704 -- drawn by our renderer, not by people


def on_paper(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the same chart with the tokens replaced by colours for paper."""
    text = json.dumps(spec)
    for token, colour in ON_PAPER.items():
        text = text.replace(token, colour)
    paper: dict[str, Any] = json.loads(text)
    return paper


def paper_svg(spec: dict[str, Any]) -> str:
    """Return the same chart as an SVG for paper, in the font of the printed sheets."""
    return _svg(json.dumps(on_paper(spec), sort_keys=True)).replace(_FONT, FONT_ON_PAPER)


@lru_cache(maxsize=256)
def _svg(spec: str) -> str:
    """Draw a spec; the same spec is drawn once."""
    return DRAWER.draw(spec)
