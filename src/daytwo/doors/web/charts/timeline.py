"""A batch's way to its release: a bar for each wait, a lane for each cause."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from daytwo.doors.web.charts import render

_LANE = 34
"""Height of a lane, px."""
_PADDING = {**render.PADDING, "left": 24}
"""The lanes' names run wider in a reader's font than in the renderer's."""
_READABLE = 0.12
"""A bar narrower than this share of the whole is written beside, not into."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One wait.

    Args:
        lane: Its cause.
        since: When it began, ISO, in the site's zone without offset.
        until: When it ended, likewise.
        text: How long it was.
        share: Of the whole way, 0 to 1.
    """

    lane: str
    since: str
    until: str
    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the strip shows: bars in order of time, and the lane that took most."""

    bars: tuple[Bar, ...]
    first: str

    @property
    def lanes(self) -> tuple[str, ...]:
        """The causes in the order in which they came."""
        return tuple(dict.fromkeys(bar.lane for bar in self.bars))


@lru_cache(maxsize=128)
def spec(chart: Timeline, *, width: int = 560) -> dict[str, Any]:
    """Return the strip as Vega-Lite, built once; width of the plot in px."""
    import altair as alt  # noqa: PLC0415 -- slow to import; only for pages that draw

    rows = [
        {
            "lane": bar.lane,
            "since": bar.since,
            "until": bar.until,
            "text": bar.text if bar.share >= _READABLE else "",
            "first": bar.lane == chart.first,
        }
        for bar in chart.bars
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "since:T", title=None, axis=alt.Axis(tickCount=8, format="%-d %b", labelOverlap=True)
        ),
        x2="until:T",
        y=alt.Y(
            "lane:N",
            sort=list(chart.lanes),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=200),
        ),
    )
    layers = [
        base.transform_filter(~alt.datum.first).mark_bar(color=render.LINE_STRONG, height=18),
        base.transform_filter(alt.datum.first).mark_bar(color=render.ATTENTION_DEEP, height=18),
        *(
            base.transform_filter(of)
            .mark_text(align="left", dx=5, color=colour)
            .encode(text="text:N", x2=alt.value(0))
            for of, colour in (
                (alt.datum.first, render.SURFACE),
                (~alt.datum.first, render.INK),
            )
        ),
    ]
    made: dict[str, Any] = (
        alt.layer(*layers)
        .properties(width=width, height=_LANE * max(len(chart.lanes), 1), padding=_PADDING)
        .configure(**render.CONFIG)
        .to_dict(validate=False)  # the form is ours and tested; the check takes 100 ms
    )
    return made
