"""Charts: what is drawn, in the page's colours, under the page's policy."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from daytwo.doors.web.charts import (
    control,
    durations,
    groups,
    individuals,
    limits,
    release_times,
    render,
    timeline,
)
from daytwo.doors.web.charts.scale import LINE, apart, scale
from daytwo.doors.web.charts.sparkline import on_paper, sparkline

D = Decimal
POINTS = tuple(individuals.Point(f"B-{n}", 10 + n % 3, out=n == 4) for n in range(8))
CHART = individuals.Individuals(
    "Dissolution, %", "Batches", POINTS, 11.0, 8.0, 14.0, ("centre", "lower", "upper")
)
RELEASED = tuple(
    release_times.Released(f"B-{n}", datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n), 3.0 + n)
    for n in range(5)
)


def drawn(spec: dict[str, object], words: str = "words") -> str:
    return str(render.inline(spec, words))


@pytest.fixture(scope="module")
def individuals_svg() -> str:
    return drawn(individuals.spec(CHART))


def test_chart_obeys_the_policy(individuals_svg: str) -> None:
    assert "style=" not in individuals_svg
    assert "<script" not in individuals_svg
    assert "<style" not in individuals_svg
    ET.fromstring(individuals_svg)


def test_chart_takes_its_colours_from_the_page(individuals_svg: str) -> None:
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', individuals_svg)) - {"none"}
    assert colours
    assert all(colour.startswith("var(--") for colour in colours)


def test_chart_is_one_image_with_words(individuals_svg: str) -> None:
    assert individuals_svg.count("role=") == 1
    assert 'aria-label="words"' in individuals_svg
    assert 'aria-label="&lt;b&gt;"' in drawn(individuals.spec(CHART), "<b>")


def test_limits_and_centre_are_named_on_the_chart(individuals_svg: str) -> None:
    for label in ("centre 11.0", "lower 8.0", "upper 14.0", "B-4"):
        assert f">{label}<" in individuals_svg


def test_missing_limits_are_not_drawn() -> None:
    one = individuals.Individuals("t", "x", POINTS[:1], 10.0, None, None, CHART.names)
    svg = drawn(individuals.spec(one))
    assert "centre 10.0" in svg
    assert "upper" not in svg


def test_marked_point_differs_in_shape_not_only_in_colour() -> None:
    marked = str(individuals.spec(CHART))
    assert "diamond" in marked
    assert "circle" in marked


def test_release_times_show_median_and_interval() -> None:
    chart = release_times.ReleaseTimes("d", "day", RELEASED, 5.0, (4.0, 6.0), "median")
    svg = drawn(release_times.spec(chart))
    assert ">median 5.0 d<" in svg
    assert 'fill="var(--accent-soft)"' in svg
    bare = release_times.ReleaseTimes("d", "day", RELEASED, None, None, "median")
    assert "median" not in drawn(release_times.spec(bare))


def test_chart_for_paper_has_no_token() -> None:
    assert "var(--" not in str(render.on_paper(individuals.spec(CHART)))


def test_same_chart_is_drawn_once() -> None:
    render._svg.cache_clear()
    drawn(individuals.spec(CHART))
    drawn(individuals.spec(CHART), "other words")
    assert render._svg.cache_info().misses == 1


def test_sparkline_places_values_between_its_edges() -> None:
    plot = sparkline([1, 3, 2], "2", centre=2, limits=(0, 4), out=(1,), width=120, height=40)
    assert plot is not None
    assert plot.points == "4.0,27.0 34.0,13.0 64.0,20.0"
    assert plot.centre == 20.0
    assert plot.limits == (34.0, 6.0)
    assert plot.out == ((34.0, 13.0),)
    assert sparkline([], "") is None
    assert sparkline([5], "5") is not None


LIMITS = limits.Limits("%", D("1.5"), D("1.8"), D("2.2"), D("2.6"), D("2.9"))


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("2.2", ""),
        ("1.8", ""),
        ("2.6", ""),
        ("2.61", "alert"),
        ("2.9", "alert"),
        ("2.91", "action"),
        ("1.49", "action"),
    ],
)
def test_value_on_a_limit_is_inside(value: str, verdict: str) -> None:
    assert LIMITS.verdict(D(value)) == verdict


def test_bar_says_where_the_value_lies_also_in_words() -> None:
    found = limits.bar(LIMITS, D("2.71"))
    assert found is not None
    assert found.marker is not None
    assert found.marker.kind == "alert"
    assert "2.71 %: outside the alert limits" in found.words
    assert "1.5 % action" in found.words


def test_bar_stays_inside_its_width_and_labels_apart() -> None:
    far = limits.bar(LIMITS, D("1000"))
    assert far is not None
    assert far.marker is not None
    assert far.marker.x <= limits.WIDTH + 8
    tight = limits.bar(limits.Limits("kg", D("11.98"), None, D(12), None, D("12.02")), None)
    close = limits.bar(limits.Limits("kg", D(0), D("0.1"), D("0.2"), D("0.3"), D(100)), None)
    assert tight is not None
    assert close is not None
    assert {mark.row for mark in close.marks} == {0, 1}


def test_limit_of_zero_is_a_limit() -> None:
    found = limits.bar(limits.Limits("%", low_action=D(0), low_alert=D(1)), D("-1"))
    assert found is not None
    assert found.marker is not None
    assert found.marker.kind == "action"
    assert [band.kind for band in found.bands] == ["", "action", "alert"]


def test_no_limits_no_bar() -> None:
    assert limits.bar(limits.Limits("%"), D(1)) is None


def test_sparkline_on_paper_says_its_own_colours_and_escapes_its_text() -> None:
    plot = sparkline([1.0, 5.0, 2.0], "2 <b>", centre=2.5, limits=[0.0, 4.0], out=[1])
    assert plot is not None
    svg = on_paper(plot)
    ET.fromstring(svg)
    assert "var(" not in svg
    assert "2 &lt;b&gt;" in svg
    assert (svg.count("<line"), svg.count("<path")) == (3, 1)


def test_chart_on_paper_has_no_token_and_the_sheets_font() -> None:
    svg = render.paper_svg(individuals.spec(CHART))
    assert "var(" not in svg
    assert render.FONT_ON_PAPER in svg
    assert "system-ui" not in svg


def texts(svg: str) -> dict[str, tuple[float, float]]:
    """Return where each text of a chart stands, px: right and down."""
    found: dict[str, tuple[float, float]] = {}

    def walk(of: ET.Element, x: float, y: float) -> None:
        moved = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", of.get("transform", ""))
        if moved:
            x, y = x + float(moved[1]), y + float(moved[2])
        if of.tag.endswith("text") and of.text:
            found[of.text] = (x, y)
        for part in of:
            walk(part, x, y)

    walk(ET.fromstring(svg), 0.0, 0.0)
    return found


def weeks(values: tuple[float, ...], upper: float) -> tuple[control.Span, ...]:
    first = datetime(2026, 1, 5, tzinfo=UTC)
    return tuple(
        control.Span(f"{first + timedelta(weeks=n):%Y-%m-%d}", value, 0.0, upper)
        for n, value in enumerate(values)
    )


def test_words_of_limits_and_lines_stand_right_of_every_marker_and_apart() -> None:
    chart = control.Control(
        "d",
        weeks((13.9, 7.0, 8.0, 6.5, 7.5), 13.9),
        7.8,
        "mean 7.8",
        "limits, 3 sigma",
        lines=(control.Line(7.1, "target 7.1"), control.Line(13.8, "baseline 13.8")),
    )
    found = texts(drawn(control.spec(chart, width=500)))
    named = [found[name] for name in ("limits, 3 sigma", "mean 7.8", "target 7.1", "baseline 13.8")]
    assert all(x >= 500 for x, _y in named)
    heights = sorted(y for _x, y in named)
    assert all(b - a >= LINE - 0.1 for a, b in itertools.pairwise(heights))


def test_scale_has_round_ends_and_shows_zero_where_values_come_near() -> None:
    assert scale([3.0, 13.9], 100).domain == [0.0, 14.0]
    assert scale([97.3, 102.3], 100).domain == [97.0, 103.0]
    assert scale([0.0, 100.0], 100).domain == [0.0, 100.0]
    assert scale([5.0], 100).low < 5.0 < scale([5.0], 100).high
    assert scale([0.0], 100).place(0.0) == 0.0
    assert scale([], 100).high > scale([], 100).low


def test_words_one_above_the_other_keep_a_line_between_them() -> None:
    assert apart([0.0, 4.0, 60.0]) == [0.0, LINE - 4.0, 0.0]


def test_names_of_marked_points_close_by_do_not_run_into_one_another() -> None:
    values = [10.0] * 60
    marked = {29: 14.0, 30: 14.4, 31: 13.8}
    points = tuple(
        individuals.Point(f"F{n:04}", marked.get(n, value), out=n in marked)
        for n, value in enumerate(values)
    )
    chart = individuals.Individuals("%", "Batches", points, 10.0, 6.0, 15.0, CHART.names)
    found = texts(drawn(individuals.spec(chart)))
    heights = sorted(found[f"F{n:04}"][1] for n in marked)
    assert all(b - a >= 13 for a, b in itertools.pairwise(heights))


def test_value_of_a_group_stands_in_a_column_away_from_the_line_of_the_whole() -> None:
    some = tuple(groups.Group(f"G{n}", 5.0 + n, 4.0, 9.0, f"text {n}") for n in range(3))
    found = texts(drawn(groups.spec(groups.Groups("d", some, 5.1, "all together"), width=420)))
    assert {found[f"text {n}"][0] for n in range(3)} == {found["text 0"][0]}
    assert found["text 0"][0] >= 420
    assert found["all together"][1] < found["text 0"][1] - 10


def test_bar_says_its_whole_and_no_text_that_does_not_fit() -> None:
    stacks = (
        durations.Stack("one", (("a", 50.0), ("b", 1.0))),
        durations.Stack("none", (("a", 0.0),)),
    )
    found = texts(drawn(durations.spec(durations.Durations("d", stacks))))
    assert {"50.0 d", "51.0 d", "0.0 d"} <= set(found)
    assert "1.0 d" not in found
    alone = texts(drawn(durations.spec(durations.Durations("d", stacks[:1]))))
    assert "51.0 d" not in alone


def test_text_in_the_bar_that_took_most_is_readable_in_light_and_in_dark() -> None:
    bars = (
        timeline.Bar("a", "2026-01-01T00:00", "2026-01-20T00:00", "19.0 d", 0.8),
        timeline.Bar("b", "2026-01-20T00:00", "2026-01-24T00:00", "4.0 d", 0.2),
    )
    svg = drawn(timeline.spec(timeline.Timeline(bars, "a")))
    colours = dict(
        reversed(found) for found in re.findall(r'<text[^>]*fill="([^"]+)"[^>]*>([^<]+)<', svg)
    )
    assert colours["19.0 d"] == render.SURFACE
    assert colours["4.0 d"] == render.INK
    assert f'fill="{render.ATTENTION_DEEP}"' in svg
