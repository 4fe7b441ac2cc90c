"""A figure by groups: one dot each with its interval, so that nobody ranks what is only noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from daytwo.doors.web.charts import render

_ROW = 30
"""Height of a group, px."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its name, its value, the limits of its interval (or None), its words."""

    label: str
    value: float
    low: float | None
    high: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Groups:
    """What the chart shows; `whole` is the figure of all together."""

    title: str
    groups: tuple[Group, ...]
    whole: float | None
    whole_text: str


@lru_cache(maxsize=128)
def spec(chart: Groups, *, width: int = 420) -> dict[str, Any]:
    """Return the chart as Vega-Lite, built once; width of the plot in px."""
    import altair as alt  # noqa: PLC0415 -- slow to import; only for pages that draw

    rows = [
        {"label": g.label, "value": g.value, "low": g.low, "high": g.high, "text": g.text}
        for g in chart.groups
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y(
            "label:N",
            sort=[g.label for g in chart.groups],
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=200, labelPadding=8),
        )
    )
    value = alt.X(
        "value:Q",
        title=chart.title,
        axis=alt.Axis(grid=True, tickCount=5),
        scale=alt.Scale(zero=True),
    )
    layers: list[Any] = []
    if chart.whole is not None:
        line = alt.Chart(alt.Data(values=[{"value": chart.whole, "text": chart.whole_text}]))
        layers += [
            line.mark_rule(color=render.CONTROL, strokeWidth=1.4).encode(x="value:Q"),
            line.mark_text(baseline="bottom", dy=-4).encode(
                x="value:Q", y=alt.value(0), text="text:N"
            ),
        ]
    layers += [
        base.transform_filter("datum.low != null")
        .mark_rule(color=render.INK_2, strokeWidth=2)
        .encode(x="low:Q", x2="high:Q"),
        base.mark_point(shape="circle", filled=True, size=64, color=render.INK, opacity=1).encode(
            x=value
        ),
        # In a column of their own: beside its dot a text would run into the line of the whole.
        base.mark_text(align="left", dx=12).encode(x=alt.value(width), text="text:N"),
    ]
    made: dict[str, Any] = (
        alt.layer(*layers)
        .properties(width=width, height=_ROW * max(len(rows), 1), padding=render.PADDING)
        .configure(**render.CONFIG)
        .to_dict(validate=False)  # the form is ours and tested; the check takes 100 ms
    )
    return made
