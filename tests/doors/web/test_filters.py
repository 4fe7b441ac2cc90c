"""The filter of the performance pages: read from the address, written back to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import RequestFactory

from daytwo.doors.web import filters
from daytwo.insight.kpis.calendar import start_of
from daytwo.kernel import clock

ZONE = "Europe/Zurich"


def asked(query: str = "", default: str = filters.DEFAULT) -> filters.Filter:
    return filters.of(RequestFactory().get(f"/x/?{query}"), default)


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 23, 30, tzinfo=UTC))


def test_address_without_words_asks_for_the_usual() -> None:
    found = asked()
    assert (found.period, found.compare, found.where, found.wrong) == ("26w", "previous", {}, "")
    assert found.query() == {}


def test_today_is_the_sites_day_not_utcs() -> None:
    """At 23:30 UTC it is the 26th in Zurich: four weeks to it begin on the 30th of October."""
    period = asked("period=4w").question().period
    assert (period.since_us, period.until_us) == (start_of(date(2026, 10, 30), ZONE), None)


def test_period_before_is_as_long_and_ends_where_this_begins() -> None:
    before = asked("period=4w").before()
    assert before is not None
    assert before.period.until_us == start_of(date(2026, 10, 30), ZONE)
    assert before.period.since_us == start_of(date(2026, 10, 2), ZONE)


def test_a_year_ago_is_52_weeks_back_on_the_same_weekday() -> None:
    before = asked("period=4w&compare=year").before()
    assert before is not None
    day = date(2026, 10, 30) - timedelta(weeks=52)
    assert before.period.since_us == start_of(day, ZONE)


@pytest.mark.parametrize("query", ["compare=none", "period=all"])
def test_nothing_to_compare_with(query: str) -> None:
    assert asked(query).before() is None
    assert asked(query).compare_words == ""


def test_days_are_taken_with_both_ends() -> None:
    found = asked("period=custom&from=2026-01-01&to=2026-03-31")
    period = found.question().period
    assert period.since_us == start_of(date(2026, 1, 1), ZONE)
    assert period.until_us == start_of(date(2026, 4, 1), ZONE)
    assert found.query()["to"] == "2026-03-31"
    assert found.period_words == "1 Jan 2026 to 31 Mar 2026"


@pytest.mark.parametrize(
    "query",
    [
        "period=decade",
        "period=custom&from=yesterday",
        "period=custom&from=2026-02-02&to=2026-01-01",
    ],
)
def test_what_cannot_be_read_is_said_and_the_usual_shown(query: str) -> None:
    found = asked(query)
    assert found.wrong
    assert found.question() == asked().question()


def test_only_what_a_kpi_has_narrows_it() -> None:
    found = asked("site=S&product=P&line=L")
    assert found.where == {"site": "S", "product_code": "P", "line": "L"}
    assert found.question(dimensions=("site", "team")).where == {"site": "S"}
    assert found.asked.where == (("site", "S"), ("product_code", "P"), ("line", "L"))


def test_address_written_is_the_address_read() -> None:
    found = asked("site=S%26T&product=P&period=52w&compare=year")
    again = filters.of(RequestFactory().get(found.href("/x/")))
    assert again == found
    assert found.href("/x/", seen="7").endswith("&seen=7")


def test_long_periods_go_by_month() -> None:
    spans = {period: asked(f"period={period}").span for period in ("4w", "26w", "52w", "all")}
    assert spans == {"4w": "week", "26w": "week", "52w": "month", "all": "month"}


@pytest.mark.parametrize(
    ("query", "default", "changed"),
    [
        ("", "52w", False),
        ("period=52w", "52w", False),
        ("period=26w", "52w", True),
        ("line=L1", "52w", True),
        ("compare=year", "26w", True),
        ("", "26w", False),
    ],
)
def test_usual_of_a_page_is_no_change(query: str, default: str, *, changed: bool) -> None:
    assert asked(query, default).changed is changed
