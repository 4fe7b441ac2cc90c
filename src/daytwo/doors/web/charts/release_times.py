"""The release-time chart: one dot per batch in the order of release, and their median."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from daytwo.doors.web.charts import render

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Released:
    """One batch of the chart.

    Args:
        label: The batch.
        at: When it was disposed, in the site's zone.
        days: Its release cycle time in days.
        rejected: Whether the disposition was a rejection.
    """

    label: str
    at: datetime
    days: float
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseTimes:
    """What the chart shows: batches, median in days, its interval, and the words for them."""

    title: str
    across: str
    batches: tuple[Released, ...]
    median: float | None
    interval: tuple[float, float] | None
    median_name: str


@lru_cache(maxsize=128)
def spec(chart: ReleaseTimes, *, width: int = 700, height: int = 260) -> dict[str, Any]:
    """Return the chart as Vega-Lite, built once; width and height of the plot in px."""
    import altair as alt  # noqa: PLC0415 -- slow to import; only for pages that draw

    rows = [
        {"at": b.at.replace(tzinfo=None).isoformat(), "days": b.days, "rejected": b.rejected}
        for b in chart.batches
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "at:T",
            title=chart.across,
            axis=alt.Axis(grid=False, format="%-d %b", tickCount=8, labelOverlap=True),
            scale=alt.Scale(padding=14),
        ),
        y=alt.Y(
            "days:Q", title=chart.title, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5)
        ),
    )
    rejected = alt.datum.rejected
    layers: list[Any] = []
    if chart.interval is not None:
        low, high = chart.interval
        layers.append(
            alt.Chart(alt.Data(values=[{"low": low, "high": high}]))
            .mark_rect(color=render.ACCENT_SOFT, opacity=1)
            .encode(y="low:Q", y2="high:Q", x=alt.value(0), x2=alt.value(width))
        )
    if chart.median is not None:
        text = f"{chart.median_name} {chart.median:.1f} d"
        line = alt.Chart(alt.Data(values=[{"days": chart.median, "text": text}])).encode(y="days:Q")
        layers += [
            line.mark_rule(color=render.ACCENT, strokeWidth=1.6),
            line.mark_text(align="left", dx=8).encode(x=alt.value(width), text="text:N"),
        ]
    layers += [
        base.transform_filter(~rejected).mark_point(
            shape="circle", filled=True, size=56, color=render.INK, opacity=0.85
        ),
        base.transform_filter(rejected).mark_point(
            shape="cross", filled=True, size=90, color=render.ATTENTION, opacity=1
        ),
    ]
    made: dict[str, Any] = (
        alt.layer(*layers)
        .properties(width=width, height=height, padding=render.PADDING)
        .configure(**render.CONFIG)
        .to_dict(validate=False)  # the form is ours and tested; the check takes 100 ms
    )
    return made
