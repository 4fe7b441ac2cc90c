"""What performance pages share: the figure asked for, its tile, its control chart and the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.test import RequestFactory

from daytwo.doors.web import filters, readings
from daytwo.insight.kpis import asking

if TYPE_CHECKING:
    from pathlib import Path


GET = RequestFactory().get("/leadership/")


def asked(query: str = "") -> filters.Filter:
    return filters.of(RequestFactory().get(f"/leadership/{query}"))


def test_figure_and_tile_are_the_engines(walked: Path) -> None:
    made = readings.figure_of(GET, "K7c", asked("?period=all"))
    assert made.found.n == asking.show("K7c").n
    tile = readings.tile_of(GET, "K7c", asked("?period=all"))
    assert "/kpis/K7c/" in tile.href


def test_filter_that_a_figure_cannot_hear_is_said_on_its_tile(walked: Path) -> None:
    tile = readings.tile_of(GET, "K25", asked("?product=P-1"))
    assert any("Not narrowed by" in note for note in tile.notes)


def test_chart_is_drawn_where_something_is_known_and_told_in_words(walked: Path) -> None:
    for kpi_id in ("K9", "K13", "K26"):
        made = readings.figure_of(GET, kpi_id, asked())
        of, chart = made.found.definition, made.chart
        if chart is None:
            continue
        spec = readings.control_spec(chart, of, "week")
        assert (spec is None) == (chart.centre is None or not chart.known)
        assert f"{of.name}, {chart.known} spans" in readings.control_words(chart, of)


def test_bar_carries_what_the_page_keeps() -> None:
    kept = readings.context(asked(), by="area", none="")["keep"]
    assert kept == {"by": "area"}
