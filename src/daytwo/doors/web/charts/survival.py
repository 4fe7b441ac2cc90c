"""The survival curve: the share that is still open after a time, with its limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from daytwo.doors.web.charts import render

if TYPE_CHECKING:
    from daytwo.insight.kpis.survival import Survival as Estimate


@dataclass(frozen=True, slots=True)
class Survival:
    """What the curve shows.

    Args:
        title: Title of the upright axis.
        across: Title of the other axis, with its unit.
        steps: (time, share still open, lower limit, upper limit) at each end, ascending; limits
            are None where they are not defined.
        median: Median time, or None while more than half is open.
        median_text: Its words.
    """

    title: str
    across: str
    steps: tuple[tuple[float, float, float | None, float | None], ...]
    median: float | None
    median_text: str = ""


def of(estimate: Estimate, title: str, across: str, median_text: str) -> Survival:
    """Return the chart of a Kaplan-Meier estimate."""

    def known(limit: float) -> float | None:
        return None if math.isnan(limit) else limit

    steps = tuple(
        (time, share, known(low), known(high))
        for time, share, low, high in zip(
            estimate.times, estimate.share, estimate.lower, estimate.upper, strict=True
        )
    )
    return Survival(title, across, steps, estimate.median, median_text)


@lru_cache(maxsize=128)
def spec(chart: Survival, *, width: int = 560, height: int = 220) -> dict[str, Any]:
    """Return the chart as Vega-Lite, built once; width and height of the plot in px."""
    import altair as alt  # noqa: PLC0415 -- slow to import; only for pages that draw

    start = {"time": 0.0, "share": 1.0, "lower": 1.0, "upper": 1.0}
    rows = [start] + [
        {"time": time, "share": share, "lower": low, "upper": high}
        for time, share, low, high in chart.steps
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "time:Q",
            title=chart.across,
            axis=alt.Axis(grid=False, tickCount=8),
            scale=alt.Scale(nice=False),
        )
    )
    share = alt.Y(
        "share:Q",
        title=chart.title,
        axis=alt.Axis(labelExpr="format(100 * datum.value, '.0f') + ' %'", tickCount=5),
        scale=alt.Scale(domain=[0, 1]),
    )
    layers: list[Any] = [
        base.transform_filter("datum.lower != null && datum.upper != null")
        .mark_area(color=render.ACCENT_SOFT, opacity=1, interpolate="step-after")
        .encode(y=alt.Y("lower:Q", scale=alt.Scale(domain=[0, 1])), y2="upper:Q"),
        base.mark_line(color=render.INK, strokeWidth=1.6, interpolate="step-after").encode(y=share),
    ]
    if chart.median is not None:
        at = {"time": chart.median, "share": 0.5, "text": chart.median_text}
        point = alt.Chart(alt.Data(values=[at])).encode(x="time:Q", y="share:Q")
        layers += [
            point.mark_point(shape="circle", filled=True, size=60, color=render.ACCENT, opacity=1),
            point.mark_text(align="left", dx=8, dy=-8, color=render.INK).encode(text="text:N"),
        ]
    made: dict[str, Any] = (
        alt.layer(*layers)
        .properties(width=width, height=height, padding=render.PADDING)
        .configure(**render.CONFIG)
        .to_dict(validate=False)  # the form is ours and tested; the check takes 100 ms
    )
    return made
