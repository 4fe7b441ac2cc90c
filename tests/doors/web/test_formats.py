"""How values are written for people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from daytwo.doors.web import formats
from daytwo.kernel.clock import clock_set
from daytwo.kernel.quantity import Quantity

NARROW = "\u202f"


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (Decimal("2.50"), None, "2.50"),
        (Decimal("-0.5"), None, "\u22120.5"),
        (1940, None, "1940"),
        (118842, None, f"118{NARROW}842"),
        (Decimal("1234567.890"), None, f"1{NARROW}234{NARROW}567.890"),
        (9.44, 1, "9.4"),
        (0, None, "0"),
        (Decimal("1E+3"), None, "1000"),
    ],
)
def test_number_keeps_digits_and_groups_thousands(
    value: Decimal | float, places: int | None, written: str
) -> None:
    assert formats.number(value, places) == written


@pytest.mark.parametrize("nothing", [None, ""])
def test_unknown_is_said_in_a_word(nothing: object) -> None:
    assert "unknown" in formats.known(nothing)
    assert formats.known(0) == 0
    assert "unknown" in formats.number(None)
    assert "unknown" in formats.quantity(None)
    assert "unknown" in formats.when(None)
    assert "unknown" in formats.duration(None)
    assert "unknown" in formats.interval(1.0, None)
    assert "unknown" in formats.amount("", "kg")


def test_quantity_has_its_unit_always() -> None:
    assert formats.quantity(Quantity.parse("2.34 %")) == f"2.34{NARROW}%"
    assert formats.quantity(Quantity.parse("21.5 Cel")) == f"21.5{NARROW}\u00b0C"
    assert formats.quantity(Quantity.parse("240000 tab")) == f"240{NARROW}000\u00a0tablets"
    assert formats.quantity(Quantity.parse("1.2 1")) == "1.2"


def test_amount_leaves_a_text_that_is_no_number() -> None:
    assert formats.amount("< 0.05", "%") == "< 0.05 %"
    assert formats.amount("complies", "") == "complies"


def test_interval_is_joined_by_a_dash_that_no_minus_can_be_taken_for() -> None:
    assert formats.interval(8.7, 10.1) == "8.7\u201310.1"
    assert formats.interval(-0.5, 1.0) == "\u22120.5 \u2013 1.0"


@pytest.mark.requirement("R14")
def test_time_shows_the_zone_of_the_site_and_utc_on_hover() -> None:
    shown = formats.when(datetime(2026, 7, 1, 12, 0, 5, tzinfo=UTC), "full")
    assert "1 Jul 2026, 14:00:05 CEST (UTC+02:00)" in shown
    assert 'title="2026-07-01 12:00:05 UTC"' in shown
    assert 'datetime="2026-07-01T12:00:05Z"' in shown


def test_time_takes_the_spelling_of_the_record_and_another_zone() -> None:
    shown = formats.when("2026-01-01T12:00:00.000000Z", "full", "Asia/Tokyo")
    assert "21:00:00 JST (UTC+09:00)" in shown


def test_short_time_leaves_out_the_present_year_only() -> None:
    with clock_set(lambda: datetime(2026, 6, 1, tzinfo=UTC)):
        assert ">3 Mar, 10:00<" in formats.when("2026-03-03T09:00:00.000000Z", "short")
        assert ">3 Mar 2025, 10:00<" in formats.when("2025-03-03T09:00:00.000000Z", "short")


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(days=3, hours=4, minutes=50), f"3{NARROW}d 4{NARROW}h"),
        (42 * 60, f"42{NARROW}min"),
        (18, f"18{NARROW}s"),
        (0, f"0{NARROW}s"),
        (86_400, f"1{NARROW}d"),
        (-90, f"\u22121{NARROW}min 30{NARROW}s"),
    ],
)
def test_duration_has_its_two_largest_parts(span: timedelta | float, written: str) -> None:
    assert formats.duration(span) == written


@pytest.mark.parametrize(
    ("at", "precision", "shown"),
    [
        ("2018-11-01T00:00:00.000000Z", "month", ">Nov 2018<"),
        ("2018-10-31T23:00:00.000000Z", "month", '"2018-11">Nov 2018<'),
        ("2018-11-05T00:00:00.000000Z", "day", ">5 Nov 2018<"),
        ("2018-11-04T23:00:00.000000Z", "day", ">5 Nov 2018<"),
        ("2018-11-05T10:00:00.000000Z", "instant", ">5 Nov 2018, 11:00<"),
        ("2018-11-05T10:00:00.000000Z", "unknown", "unknown"),
        (None, "day", "unknown"),
    ],
)
def test_begin_is_no_more_exact_than_its_source(at: str | None, precision: str, shown: str) -> None:
    assert shown in formats.started(SimpleNamespace(started_at=at, started_precision=precision))


def test_day_has_no_time() -> None:
    assert formats.day(date(2026, 5, 1)) == '<time datetime="2026-05-01">1 May 2026</time>'
    assert "unknown" in formats.day(None)


def test_hash_is_short_and_whole_on_hover() -> None:
    shown = formats.short_hash("ab" * 32)
    assert f'title="{"ab" * 32}"' in shown
    assert ">abababababab<" in shown


def test_text_from_people_is_escaped() -> None:
    assert "<b>" not in formats.joined(["<b>", "x", "", None])
    assert formats.joined(["a", "b"]) == "a \u00b7 b"
    assert '"><script>' not in formats.short_hash('"><script>')


def test_pairs_and_iso() -> None:
    assert formats.pairs(["a"]) == [("a", "a")]
    assert formats.iso("2026-01-01T00:00:00+00:00") == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ("2026-W07", "week 7 of 2026"),
        ("2026-05", "May 2026"),
        ("2026-Q2", "2026-Q2"),
        ("2026-05-03", "2026-05-03"),
        ("2026", "2026"),
        ("13", "13"),
    ],
)
def test_week_and_month_are_said_in_words(span: str, words: str) -> None:
    assert formats.span_words(span) == words


def test_day_takes_the_spelling_of_the_record_and_leaves_what_is_no_day() -> None:
    assert ">7 Dec 2026<" in formats.day("2026-12-07")
    assert "unknown" in formats.day("")
    assert formats.day("<soon>") == "&lt;soon&gt;"
