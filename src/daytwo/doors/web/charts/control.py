"""The control chart over time: a value a week or month, its limits, what is marked, and changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from daytwo.doors.web.charts import render
from daytwo.doors.web.charts.scale import Scale, apart, scale


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
        limit_text: Words for the limits, set where the last upper one ends.
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
    upright = scale(_shown(chart), height)
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
                labelSeparation=16,  # the reader's font may run wider
            ),
            scale=alt.Scale(padding=12),
        ),
        y=alt.Y(
            "value:Q",
            title=chart.title,
            scale=alt.Scale(domain=upright.domain, nice=False, zero=False),
            axis=alt.Axis(tickCount=5),
        ),
    )
    known = base.transform_filter(alt.datum.value != None)  # noqa: E711 -- an expression of Vega
    layers = [
        *_limits(alt, base, chart),
        *_across(alt, chart, width, upright),
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


def _shown(chart: Control) -> list[float]:
    """Return every value that has a height."""
    spans = [v for s in chart.spans for v in (s.value, s.lower, s.upper) if v is not None]
    centre = [] if chart.centre is None else [chart.centre]
    return [*spans, *centre, *(line.value for line in chart.lines)]


def _limits(alt: Any, base: Any, chart: Control) -> list[Any]:
    """Return the limits as steps: those of a share or a rate move with what it rests on."""
    dashed = {"color": render.LINE_STRONG, "strokeDash": [5, 4], "strokeWidth": 1.3}
    return [
        base.transform_filter(f"datum.{side} != null")
        .mark_line(interpolate="step", **dashed)
        .encode(y=alt.Y(f"{side}:Q"))
        for side in ("lower", "upper")
        if any(getattr(s, side) is not None for s in chart.spans)
    ]


def _across(alt: Any, chart: Control, width: int, upright: Scale) -> list[Any]:
    """Return centre, baseline and target as lines; all and the limits named at the right end.

    No marker comes there, and words that would run into one another stand one above the other.
    """
    lines = [] if chart.centre is None else [(chart.centre, chart.centre_text, render.CONTROL, [0])]
    lines += [(line.value, line.text, render.ACCENT, [2, 3]) for line in chart.lines]
    ends = [s.upper for s in chart.spans if s.upper is not None]
    named = [(value, text) for value, text, _colour, _dash in lines]
    if ends and chart.limit_text:
        named.append((ends[-1], chart.limit_text))
    named.sort()
    moved = apart([upright.place(value) for value, _text in named])
    rules = [
        alt.Chart(alt.Data(values=[{"value": value}]))
        .mark_rule(color=colour, strokeDash=dash, strokeWidth=1.4)
        .encode(y="value:Q")
        for value, _text, colour, dash in lines
    ]
    words = [
        alt.Chart(alt.Data(values=[{"value": value, "text": text}]))
        .mark_text(align="left", dx=6, dy=-up)
        .encode(x=alt.value(width), y="value:Q", text="text:N")
        for (value, text), up in zip(named, moved, strict=True)
    ]
    return [*rules, *words]


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
