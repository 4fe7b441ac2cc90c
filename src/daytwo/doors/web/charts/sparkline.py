"""A sparkline's geometry: a line of values with its centre, its limits and what lies outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import escape

from daytwo.doors.web.charts import render

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEFT, _TOP = 4.0, 6.0
_LABEL_WIDTH = 56.0


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Ready coordinates in px, for the template to draw."""

    width: int
    height: int
    right: float
    points: str
    centre: float | None
    limits: tuple[float, ...]
    out: tuple[tuple[float, float], ...]
    last: str
    last_y: float


def sparkline(
    values: Sequence[float],
    last: str,
    *,
    centre: float | None = None,
    limits: Sequence[float] = (),
    out: Sequence[int] = (),
    width: int = 340,
    height: int = 64,
) -> Sparkline | None:
    """Place values on a plot, or return None when there is nothing to place.

    Args:
        values: The values in time order.
        last: The last value as written at its right.
        centre: Centre line in the unit of the values.
        limits: Control limits in the unit of the values.
        out: Positions in `values` that a rule calls out.
        width: Whole width in px, the last value's label included.
        height: Height in px.
    """
    if not values:
        return None
    everything = [*values, *limits, *([] if centre is None else [centre])]
    low, high = min(everything), max(everything)
    span = (high - low) or 1.0
    right = width - _LABEL_WIDTH
    step = (right - _LEFT) / max(len(values) - 1, 1)

    def place(value: float) -> float:
        return round(height - _TOP - (value - low) / span * (height - 2 * _TOP), 1)

    at = [(round(_LEFT + n * step, 1), place(value)) for n, value in enumerate(values)]
    return Sparkline(
        width=width,
        height=height,
        right=right,
        points=" ".join(f"{x},{y}" for x, y in at),
        centre=None if centre is None else place(centre),
        limits=tuple(place(limit) for limit in limits),
        out=tuple(at[n] for n in out),
        last=last,
        last_y=at[-1][1],
    )


def on_paper(plot: Sparkline) -> str:
    """Return the same line as an SVG for paper, where no style sheet reaches."""
    ink, attention = (render.ON_PAPER[name] for name in (render.INK, render.ATTENTION))
    across = [(y, render.ON_PAPER[render.LINE_STRONG], "4 3") for y in plot.limits]
    if plot.centre is not None:
        across.append((plot.centre, render.ON_PAPER[render.CONTROL], "none"))
    lines = "".join(
        f'<line x1="{_LEFT}" x2="{plot.right}" y1="{y}" y2="{y}" stroke="{colour}"'
        f' stroke-dasharray="{dash}"/>'
        for y, colour, dash in across
    )
    marks = "".join(
        f'<path d="M{x} {y - 5}l5 5-5 5-5-5z" fill="{attention}"/>' for x, y in plot.out
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {plot.width} {plot.height}">{lines}'
        f'<polyline points="{plot.points}" fill="none" stroke="{ink}" stroke-width="1.6"/>{marks}'
        f'<text x="{plot.right + 10}" y="{plot.last_y + 4}" font-size="13"'
        f' font-family="{render.FONT_ON_PAPER}">{escape(plot.last)}</text></svg>'
    )
