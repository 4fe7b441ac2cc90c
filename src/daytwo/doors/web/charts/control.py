"""The control chart over time: a value a week or month, its limits, what is marked, and changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from daytwo.doors.web.charts import render

_LINE = 15
"""Height of a line of words, px."""
_NEAR = 0.35
"""Values that come below this share of the largest are near zero, and the axis shows it."""


@dataclass(frozen=True, slots=True)
class Span:
    """One value of the chart.

    Args:
        at: First day of its span, `YYYY-MM-DD`, in the site's zone.
        value: In the chart's unit; None where it is unknown: the line has a gap there.
        lower: Lower control limit, or None.
        upper: Upper control limit, or None.
        out: Whether a rule marks it.
    """

    at: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    out: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of level: from which day, and what is said of it."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line across, such as a baseline or a target, with its words."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Control:
    """What a control chart over time shows.

    Args:
        title: Title of the value's axis, with its unit.
        spans: In time order.
        centre: Centre line, or None.
        centre_text: Its words.
        limit_text: Words for the limits, set at the last upper one.
        shifts: Changes of level.
        lines: Baseline and target.
        months: The spans are months, and the axis says so.
    """

    title: str
    spans: tuple[Span, ...]
    centre: float | None
    centre_text: str = ""
    limit_text: str = ""
    shifts: tuple[Shift, ...] = ()
    lines: tuple[Line, ...] = ()
    months: bool = False


@lru_cache(maxsize=256)
def spec(chart: Control, *, width: int = 700, height: int = 220) -> dict[str, Any]:
    """Return the chart as Vega-Lite, built once; width and height of the plot in px."""
    import altair as alt  # noqa: PLC0415 -- slow to import; only for pages that draw

    rows = [
        {"at": s.at, "value": s.value, "lower": s.lower, "upper": s.upper, "out": s.out}
        for s in chart.spans
    ]
    data = alt.Chart(alt.Data(values=rows))
    base = data.encode(
        x=alt.X(
            "at:T",
            title=None,
            axis=alt.Axis(
                grid=False,
                format="%b %Y" if chart.months else "%-d %b",
                tickCount=6,
                labelOverlap=True,
            ),
            scale=alt.Scale(padding=12),
        ),
        y=alt.Y(
            "value:Q",
            title=chart.title,
            scale=_scale(alt, chart),
            axis=alt.Axis(tickCount=5),
        ),
    )
    known = base.transform_filter(alt.datum.value != None)  # noqa: E711 -- an expression of Vega
    layers = [
        *_limits(alt, base, chart),
        *_across(alt, chart, width, height),
        *_shifts(alt, chart),
        base.mark_line(color=render.INK, strokeWidth=1.4, opacity=0.6),
        known.transform_filter(~alt.datum.out).mark_point(
            shape="circle", filled=True, size=34, color=render.INK, opacity=1
        ),
        known.transform_filter(alt.datum.out).mark_point(
            shape="diamond",
            filled=True,
            size=110,
            color=render.ATTENTION,
            stroke=render.INK,
            strokeWidth=1,
            opacity=1,
        ),
    ]
    made: dict[str, Any] = (
        alt.layer(*layers)
        .properties(width=width, height=height, padding=render.PADDING)
        .configure(**render.CONFIG)
        .to_dict(validate=False)  # the form is ours and tested; the check takes 100 ms
    )
    return made


def _scale(alt: Any, chart: Control) -> Any:
    """Return the upright scale: from zero where the values come near it, else around them."""
    shown = [v for s in chart.spans for v in (s.value, s.lower, s.upper) if v is not None]
    near = shown and 0 <= min(shown) < _NEAR * max(shown)
    return alt.Scale(zero=True) if near else alt.Scale(zero=False, padding=8)


def _limits(alt: Any, base: Any, chart: Control) -> list[Any]:
    """Return the limits as steps: those of a share or a rate move with what it rests on."""
    dashed = {"color": render.LINE_STRONG, "strokeDash": [5, 4], "strokeWidth": 1.3}
    layers = [
        base.transform_filter(f"datum.{side} != null")
        .mark_line(interpolate="step", **dashed)
        .encode(y=alt.Y(f"{side}:Q"))
        for side in ("lower", "upper")
        if any(getattr(s, side) is not None for s in chart.spans)
    ]
    upper = [s for s in chart.spans if s.upper is not None]
    if upper and chart.limit_text:
        end = {"at": upper[0].at, "upper": upper[0].upper, "text": chart.limit_text}
        layers.append(
            alt.Chart(alt.Data(values=[end]))
            .mark_text(align="left", dy=-8)
            .encode(x="at:T", y="upper:Q", text="text:N")
        )
    return layers


def _across(alt: Any, chart: Control, width: int, height: int) -> list[Any]:
    """Return centre, baseline and target as lines, each named at its right end."""
    lines = [] if chart.centre is None else [(chart.centre, chart.centre_text, render.CONTROL, [0])]
    lines += [(line.value, line.text, render.ACCENT, [2, 3]) for line in chart.lines]
    lines.sort(key=lambda line: line[0])
    away = _apart(chart, [line[0] for line in lines], height)
    layers: list[Any] = []
    for (at, text, colour, dash), dy in zip(lines, away, strict=True):
        data = alt.Chart(alt.Data(values=[{"value": at, "text": text}])).encode(y="value:Q")
        layers += [
            data.mark_rule(color=colour, strokeDash=dash, strokeWidth=1.4),
            data.mark_text(align="left", dx=6, dy=dy).encode(x=alt.value(width), text="text:N"),
        ]
    return layers


def _apart(chart: Control, lines: list[float], height: int) -> list[float]:
    """Return how far each line's words move up, px, so that they do not run into one another."""
    shown = [v for s in chart.spans for v in (s.value, s.lower, s.upper) if v is not None] + lines
    per_unit = height / ((max(shown) - min(shown)) or 1.0) if shown else 0.0
    away, last = [], float("-inf")
    for line in lines:
        place = max(line * per_unit, last + _LINE)
        away.append(line * per_unit - place)
        last = place
    return away


def _shifts(alt: Any, chart: Control) -> list[Any]:
    layers: list[Any] = []
    for shift in chart.shifts:
        data = alt.Chart(alt.Data(values=[{"at": shift.at, "text": shift.text}]))
        layers += [
            data.mark_rule(color=render.INK_2, strokeDash=[1, 3], strokeWidth=1.4).encode(x="at:T"),
            data.mark_text(align="left", dx=5, baseline="top", color=render.INK).encode(
                x="at:T", y=alt.value(0), text="text:N"
            ),
        ]
    return layers
