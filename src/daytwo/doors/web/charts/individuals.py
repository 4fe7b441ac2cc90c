"""The individuals chart: one value per batch in time order, centre, limits, what lies outside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from daytwo.doors.web.charts import render
from daytwo.doors.web.charts.scale import Scale, scale

_ABOVE, _BELOW, _FURTHER = -14, 18, 15
"""How far the name of a marked point stands from it, px, and by how much it moves further off."""
_WIDE, _HIGH = 8.0, 14.0
"""A character and a line of a name in bold, px, generous."""
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Point:
    """One value of the chart.

    Args:
        label: What it belongs to: a batch.
        value: The value in the chart's unit.
        out: Whether a rule of the chart calls it out.
    """

    label: str
    value: float
    out: bool = False


@dataclass(frozen=True, slots=True)
class Individuals:
    """What an individuals chart shows.

    Args:
        title: Title of the value's axis, with its unit.
        across: Title of the other axis.
        points: The values in time order.
        centre: Centre line.
        lower: Lower control limit, or None if there is none.
        upper: Upper control limit, or None if there is none.
        names: Words for centre, lower and upper limit, in the reader's language.
        places: Digits after the point in the direct labels.
    """

    title: str
    across: str
    points: tuple[Point, ...]
    centre: float
    lower: float | None
    upper: float | None
    names: tuple[str, str, str]
    places: int = 1


@lru_cache(maxsize=128)
def spec(chart: Individuals, *, width: int = 700, height: int = 260) -> dict[str, Any]:
    """Return the chart as Vega-Lite; the same chart is built once, and nobody changes it.

    Args:
        chart: What to show.
        width: Width of the plot in px, without axis and labels.
        height: Height of the plot in px.
    """
    import altair as alt  # noqa: PLC0415 -- slow to import; only for pages that draw

    rows = [
        {"n": n, "value": p.value, "label": p.label, "out": p.out}
        for n, p in enumerate(chart.points, start=1)
    ]
    upright = _upright(chart, height)
    x = alt.X(
        "n:Q",
        title=chart.across,
        axis=alt.Axis(grid=False, tickMinStep=1, format="d"),
        scale=alt.Scale(domain=[0.5, len(rows) + 0.5], nice=False),
    )
    y = alt.Y(
        "value:Q", title=chart.title, scale=alt.Scale(domain=upright.domain, nice=False, zero=False)
    )
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    outside = alt.datum.out
    layers = [
        *_rules(alt, chart, width),
        base.mark_line(color=render.INK, strokeWidth=1.2, opacity=0.55),
        base.transform_filter(~outside).mark_point(
            shape="circle", filled=True, size=34, color=render.INK, opacity=1
        ),
        base.transform_filter(outside).mark_point(
            shape="diamond",
            filled=True,
            size=110,
            color=render.ATTENTION,
            stroke=render.INK,
            strokeWidth=1,
            opacity=1,
        ),
        *(
            base.transform_filter(alt.datum.n == n)
            .mark_text(dy=away, color=render.INK, fontWeight="bold")
            .encode(text="label:N")
            for n, away in _names(chart, width, upright)
        ),
    ]
    made: dict[str, Any] = (
        alt.layer(*layers)
        .properties(width=width, height=height, padding=render.PADDING)
        .configure(**render.CONFIG)
        .to_dict(validate=False)  # the form is ours and tested; the check takes 100 ms
    )
    return made


def _upright(chart: Individuals, height: int) -> Scale:
    ends = [end for end in (chart.lower, chart.upper) if end is not None]
    return scale([*(p.value for p in chart.points), chart.centre, *ends], height)


def _names(chart: Individuals, width: int, upright: Scale) -> list[tuple[int, int]]:
    """Return each marked point's place in the order, and how far its name stands off, px.

    A name goes outward from the centre; where it would run into another name or into a point, to
    the other side, and then further off. Where all is full, only names and marked points count.
    """
    at = [
        ((n + 0.5) / len(chart.points) * width, -upright.place(p.value), 7.0 if p.out else 3.0)
        for n, p in enumerate(chart.points)
    ]
    taken = [place for place, p in zip(at, chart.points, strict=True) if p.out]
    found = []
    for n, p in enumerate(chart.points):
        if not p.out:
            continue
        (x, y, _size), half = at[n], len(p.label) * _WIDE / 2
        outward = p.value >= chart.centre
        sides = (_ABOVE, _BELOW) if outward else (_BELOW, _ABOVE)
        tries = [
            side + (_FURTHER * far if side > 0 else -_FURTHER * far)
            for far in range(_TRIES)
            for side in sides
        ]
        free = [dy for dy in tries if _free(x, y + dy, half, taken)] or tries[:1]
        away = next((dy for dy in free if _free(x, y + dy, half, at)), free[0])
        taken.append((x, y + away, half))
        found.append((n + 1, away))
    return found


def _free(x: float, y: float, half: float, taken: list[tuple[float, float, float]]) -> bool:
    return all(abs(x - tx) >= half + th or abs(y - ty) >= _HIGH for tx, ty, th in taken)


def _rules(alt: Any, chart: Individuals, width: int) -> list[Any]:
    """Return centre and limits as lines, each named at its right end."""
    named = zip(chart.names, (chart.centre, chart.lower, chart.upper), strict=True)
    layers = []
    for n, (name, at) in enumerate(named):
        if at is None:
            continue
        text = f"{name} {at:.{chart.places}f}"
        data = alt.Chart(alt.Data(values=[{"value": at, "text": text}])).encode(y="value:Q")
        dash = [0] if n == 0 else [5, 4]
        colour = render.CONTROL if n == 0 else render.LINE_STRONG
        layers += [
            data.mark_rule(color=colour, strokeDash=dash, strokeWidth=1.4),
            data.mark_text(align="left", dx=8).encode(x=alt.value(width), text="text:N"),
        ]
    return layers
