"""Days, weeks and months of the site, in Python and in the engine alike."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daytwo.insight.kpis import calendar
from daytwo.kernel.errors import Refused
from tests.insight.kpis.plant import facts, on


def column(values, expression):
    """Run an expression over `at_us` of usage rows and return it in their order."""
    rows = [{"seq": i, "at_us": value} for i, value in enumerate(values)]
    made = facts(usage=rows)
    table = made.table("usage")
    found = made.engine.rows(table.select(table.seq, out=expression(table.at_us)).order_by("seq"))
    return [row["out"] for row in found]


@pytest.mark.parametrize(
    ("span", "first", "following", "name"),
    [
        ("day", date(2026, 2, 28), date(2026, 3, 1), "2026-02-28"),
        ("week", date(2026, 2, 23), date(2026, 3, 2), "2026-W09"),
        ("month", date(2026, 2, 1), date(2026, 3, 1), "2026-02"),
        ("quarter", date(2026, 1, 1), date(2026, 4, 1), "2026-Q1"),
        ("year", date(2026, 1, 1), date(2027, 1, 1), "2026"),
    ],
)
def test_spans(span, first, following, name):
    day = date(2026, 2, 28)
    assert calendar.first_day(day, span) == first
    assert calendar.next_first_day(day, span) == following
    assert calendar.name_of(first, span) == name


@given(st.dates(date(2000, 1, 1), date(2044, 1, 1)), st.sampled_from(calendar.SPANS))
def test_spans_follow_each_other_without_a_gap(day, span):
    after = calendar.next_first_day(day, span)
    assert calendar.first_day(after, span) == after > day
    assert calendar.first_day(after - timedelta(days=1), span) == calendar.first_day(day, span)


def test_other_span_is_refused():
    with pytest.raises(Refused, match="fortnight"):
        calendar.first_day(date(2026, 1, 1), "fortnight")


def test_week_of_a_clock_change_is_an_hour_short():
    names, starts = zip(
        *calendar.edges(on("2026-03-23"), on("2026-04-06"), "week", "Europe/Zurich"), strict=True
    )
    assert names == ("2026-W13", "2026-W14", "2026-W15")
    hours = [(b - a) / 3_600_000_000 for a, b in pairwise(starts)]
    assert hours == [167, 168]


def test_index_is_the_last_start_at_or_before():
    starts = [10, 20, 30, 40]
    found = column([5, 10, 19, 20, 35, 99], lambda c: calendar.index(c, starts))
    assert found == [0, 0, 0, 1, 2, 3]


@settings(max_examples=25, deadline=None)
@given(
    st.dates(date(2019, 1, 1), date(2020, 6, 1)),
    st.integers(1, 1200),
    st.sampled_from(calendar.SPANS),
    st.lists(st.floats(-0.1, 1.1), max_size=20),
)
def test_engine_places_times_in_the_spans_of_a_zone(day, days, span, shares):
    """Weeks that summer time makes longer or shorter, years, one span alone: as by search."""
    since = calendar.start_of(day, "Europe/Zurich")
    names = calendar.edges(since, since + days * 86_400_000_000, span, "Europe/Zurich")
    starts = [start for _, start in names]
    edges = [start + shift for start in starts for shift in (-1, 0, 1)]
    length = starts[-1] - starts[0] + 86_400_000_000
    times = [*edges, *(int(starts[0] + share * length) for share in shares)]
    found = column(times, lambda c: calendar.index(c, starts))
    assert found == [max(0, bisect_right(starts, time) - 1) for time in times]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.datetimes(datetime(2001, 1, 1), datetime(2044, 1, 1)), min_size=1, max_size=30),  # noqa: DTZ001 - made UTC below
    st.sampled_from(calendar.SPANS),
    st.sampled_from(["Europe/Zurich", "America/New_York", "UTC"]),
)
def test_engine_numbers_the_span_of_a_time(times, span, zone):
    moments = [calendar.us(t.replace(tzinfo=UTC)) for t in times]
    for moment, number in zip(
        moments, column(moments, lambda c: calendar.number(c, span, zone)), strict=True
    ):
        first = calendar.first_day(calendar.at(moment, zone).date(), span)
        name, start, end = calendar.numbered(number, span, zone)
        assert (name, start) == (calendar.name_of(first, span), calendar.start_of(first, zone))
        assert (
            start <= moment < end == calendar.start_of(calendar.next_first_day(first, span), zone)
        )


TIMES = st.datetimes(datetime(2001, 1, 1), datetime(2044, 1, 1))  # noqa: DTZ001 - made UTC below


@settings(max_examples=5, deadline=None)
@given(st.lists(TIMES, min_size=60, max_size=60))
@pytest.mark.parametrize("zone", ["Europe/Zurich", "America/New_York", "Asia/Kolkata", "UTC"])
def test_engine_knows_the_sites_day(zone, times):
    moments = [t.replace(tzinfo=UTC) for t in times]
    found = column([calendar.us(t) for t in moments], lambda c: calendar.local_day(c, zone))
    days = [t.astimezone(ZoneInfo(zone)).date() for t in moments]
    assert found == [(day - date(1970, 1, 1)).days for day in days]


def test_engine_reads_a_written_day():
    days = ["2000-02-29", "2026-01-01", "2026-12-31", "1999-03-01", "2100-03-01", None]
    rows = [{"capa_id": str(i), "due_on": day} for i, day in enumerate(days)]
    made = facts(capa=rows)
    table = made.table("capa")
    asked = table.select(table.capa_id, out=calendar.written_day(table.due_on))
    found = [row["out"] for row in made.engine.rows(asked.order_by("capa_id"))]
    expected = [date.fromisoformat(d).toordinal() - date(1970, 1, 1).toordinal() for d in days[:-1]]
    assert found == [*expected, None]


def test_times_go_to_microseconds_and_back():
    moment = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
    assert calendar.at(calendar.us(moment)) == moment
    assert calendar.at(0, "Europe/Zurich").hour == 1
    assert calendar.start_of(date(2026, 7, 1), "Europe/Zurich") == on("2026-06-30T22:00")
