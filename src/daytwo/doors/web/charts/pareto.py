"""Pareto bars: the causes by size, each with its number and the share of all so far."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from daytwo.doors.web.charts import render

_ROW = 30
"""Height of a bar with its gap, px."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One cause.

    Args:
        label: Its name.
        value: In the chart's unit.
        text: The value as written at its end.
        first: Whether it asks for a hand: the one to begin with.
    """

    label: str
    value: float
    text: str
    first: bool = False


@dataclass(frozen=True, slots=True)
class Pareto:
    """What the bars show: the largest first; `title` names the value with its unit."""

    title: str
    bars: tuple[Bar, ...]


def ranked(title: str, values: dict[str, float], *, places: int = 0, unit: str = "") -> Pareto:
    """Return the bars of values, the largest first, each with the share of all so far.

    Args:
        title: Names the value with its unit.
        values: By cause, none negative.
        places: Digits after the point.
        unit: Written after each value.
    """
    order = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    total, so_far = sum(values.values()), 0.0
    bars: list[Bar] = []
    for label, value in order:
        so_far += value
        share = f" · {100 * so_far / total:.0f} %" if total else ""
        text = f"{value:.{places}f} {unit}".rstrip()
        bars.append(Bar(label, value, f"{text}{share}", first=not bars and value > 0))
    return Pareto(title, tuple(bars))


@lru_cache(maxsize=256)
def spec(chart: Pareto, *, width: int = 460) -> dict[str, Any]:
    """Return the chart as Vega-Lite, built once; width of the plot in px."""
    import altair as alt  # noqa: PLC0415 -- slow to import; only for pages that draw

    rows = [
        {"label": b.label, "value": b.value, "text": b.text, "first": b.first} for b in chart.bars
    ]
    order = [b.label for b in chart.bars]
    highest = max((b.value for b in chart.bars), default=1.0) or 1.0
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y(
            "label:N",
            sort=order,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=220, labelPadding=8),
        ),
        x=alt.X(
            "value:Q",
            title=chart.title,
            axis=alt.Axis(grid=False, tickCount=4),
            scale=alt.Scale(domain=[0, highest * 1.3], nice=False),
        ),
    )
    first = alt.datum.first
    layers = [
        base.transform_filter(~first).mark_bar(color=render.LINE_STRONG, height=18),
        base.transform_filter(first).mark_bar(color=render.ATTENTION, height=18),
        base.mark_text(align="left", dx=6).encode(text="text:N"),
    ]
    made: dict[str, Any] = (
        alt.layer(*layers)
        .properties(width=width, height=_ROW * max(len(rows), 1), padding=render.PADDING)
        .configure(**render.CONFIG)
        .to_dict(validate=False)  # the form is ours and tested; the check takes 100 ms
    )
    return made
