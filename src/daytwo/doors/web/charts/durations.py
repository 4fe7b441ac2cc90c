"""Stacked bars of durations: of what parts a time is made, one bar or one for each period."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from daytwo.doors.web.charts import render

_ROW = 34
"""Height of a bar with its gap, px."""
_ONE = 44
"""Height of a bar that stands alone, px."""
_CHARACTER = 8.5
"""Width of a character of the text in a bar, px, generous; narrower parts are not written into."""
_PLAIN = (render.INK_2, render.LINE_STRONG, render.ACCENT, render.LINE, render.INK, render.SUNK)
_DARK = (render.INK_2, render.ACCENT, render.INK, render.ATTENTION_DEEP)
"""Tones whose text is the surface's; on the others it is ink: readable in light and in dark."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar: its name and its parts, (cause, duration) in the order of the legend."""

    label: str
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Durations:
    """What the bars show.

    Args:
        title: Names the duration with its unit.
        stacks: The bars, top to bottom.
        first: The cause that asks for a hand; it alone is coloured.
        unit: Written after each duration.
    """

    title: str
    stacks: tuple[Stack, ...]
    first: str = ""
    unit: str = "d"

    @property
    def causes(self) -> tuple[str, ...]:
        """Every cause, in the order in which the bars name them."""
        return tuple(dict.fromkeys(name for stack in self.stacks for name, _ in stack.parts))


@lru_cache(maxsize=256)
def spec(chart: Durations, *, width: int = 640) -> dict[str, Any]:
    """Return the chart as Vega-Lite, built once; width of the plot in px."""
    import altair as alt  # noqa: PLC0415 -- slow to import; only for pages that draw

    rows = _placed(chart, width)
    row = _ONE if len(chart.stacks) == 1 else _ROW
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y(
            "bar:N",
            sort=[stack.label for stack in chart.stacks],
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=180),
        ),
        x=alt.X(
            "start:Q",
            title=chart.title,
            axis=alt.Axis(grid=False, tickCount=6),
            scale=alt.Scale(nice=False),
        ),
        x2="end:Q",
    )
    names = list(chart.causes)
    colour = alt.Color(
        "cause:N",
        scale=alt.Scale(domain=names, range=_tones(names, chart.first)),
        sort=names,
        legend=alt.Legend(
            orient="top",
            title=None,
            symbolType="square",
            columns=3,
            labelLimit=200,
            columnPadding=36,
            labelColor=render.INK_2,
            labelFontSize=13,
            symbolStrokeColor=render.LINE_STRONG,
            symbolStrokeWidth=1,
        ),
    )
    written = base.transform_filter(alt.datum.text != "").encode(x="middle:Q", x2=alt.value(0))
    layers = [
        # The edge shows where a pale part ends that is nearly as light as the page.
        base.mark_bar(height=row - 10, stroke=render.LINE_STRONG, strokeWidth=1).encode(
            color=colour
        ),
        written.mark_text(color=render.SURFACE, fontWeight="bold")
        .transform_filter(alt.datum.dark)
        .encode(text="text:N"),
        written.mark_text(color=render.INK, fontWeight="bold")
        .transform_filter(~alt.datum.dark)
        .encode(text="text:N"),
        *_totals(alt, chart, base),
    ]
    made: dict[str, Any] = (
        alt.layer(*layers)
        .properties(width=width, height=row * max(len(chart.stacks), 1), padding=render.PADDING)
        .configure(**render.CONFIG)
        .to_dict(validate=False)  # the form is ours and tested; the check takes 100 ms
    )
    return made


def _totals(alt: Any, chart: Durations, base: Any) -> list[Any]:
    """Return each bar's whole at its end; a bar that stands alone has it in its title."""
    if len(chart.stacks) == 1:
        return []
    wholes = [(stack.label, sum(d for _, d in stack.parts)) for stack in chart.stacks]
    rows = [
        {"bar": label, "start": whole, "text": f"{whole:.1f} {chart.unit}"}
        for label, whole in wholes
    ]
    text = base.mark_text(align="left", dx=6, color=render.INK_2)
    return [text.encode(text="text:N", x2=alt.value(0)).properties(data=alt.Data(values=rows))]


def _tones(names: list[str], first: str) -> list[str]:
    """Return a calm tone for each cause, dark and light in turn; only the first calls."""
    plain = iter([tone for _ in names for tone in _PLAIN])
    return [render.ATTENTION_DEEP if name == first else next(plain) for name in names]


def _placed(chart: Durations, width: int) -> list[dict[str, Any]]:
    longest = max((sum(d for _, d in stack.parts) for stack in chart.stacks), default=1.0) or 1.0
    tones = dict(zip(chart.causes, _tones(list(chart.causes), chart.first), strict=True))
    rows = []
    for stack in chart.stacks:
        start = 0.0
        for cause, duration in stack.parts:
            text = f"{duration:.1f} {chart.unit}"
            wide = duration / longest * width >= _CHARACTER * len(text) + 4
            rows.append(
                {
                    "bar": stack.label,
                    "cause": cause,
                    "start": start,
                    "end": start + duration,
                    "middle": start + duration / 2,
                    "text": text if wide else "",
                    "dark": tones[cause] in _DARK,
                }
            )
            start += duration
    return rows
