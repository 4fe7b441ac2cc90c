"""Cells are read exactly as declared, or not at all and with the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.doors.connectors.tables.values import (
    Cell,
    Moment,
    Unreadable,
    clean,
    form_pattern,
    integer_reader,
    iso_reader,
    mapped,
    moment_reader,
    number_reader,
    read_text,
)

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
MONTHS = {"nov": "11", "maj": "5", "avg": "8"}


@pytest.mark.parametrize(
    ("text", "marks", "plain"),
    [
        ("2.50", (".", ""), "2.50"),
        ("0.05", (".", ""), "0.05"),
        ("-3", (".", ""), "-3"),
        ("+.5", (".", ""), "+.5"),
        ("2,50", (",", ""), "2.50"),
        ("1.234,5", (",", "."), "1234.5"),
        ("1'234'567", (".", "'"), "1234567"),
        ("1E-3", (".", ""), "1E-3"),
        ("0" * 60, (".", ""), "0" * 60),
    ],
)
def test_number_is_kept_as_written(text: str, marks: tuple[str, str], plain: str) -> None:
    assert number_reader(*marks)(text) == Cell(plain, Decimal(plain))


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("", (".", "")),
        ("x", (".", "")),
        ("1,5", (".", "")),
        ("1.5", (",", "")),
        ("1.23,5", (",", ".")),
        ("1.2345", (",", ".")),
        ("12 5", (".", "")),
        ("NaN", (".", "")),
        ("Infinity", (".", "")),
        ("1_000", (".", "")),
        ("١٢", (".", "")),
        ("0x10", (".", "")),
        ("< 0.05", (".", "")),
        ("1E99", (".", "")),
        ("1E999999999", (".", "")),
        ("9" * 61, (".", "")),
        ("1.2.3", (".", "")),
        ("5-", (".", "")),
    ],
)
def test_what_is_no_number_is_refused(text: str, marks: tuple[str, str]) -> None:
    with pytest.raises(Unreadable):
        number_reader(*marks)(text)


@given(st.text())
def test_number_reader_takes_or_refuses_any_text(text: str) -> None:
    try:
        cell = number_reader(".", "")(text)
    except Unreadable:
        return
    assert Decimal(cell.text) == cell.value


def test_integer_has_no_fraction() -> None:
    assert integer_reader(".", "")("960000").value == Decimal(960000)
    with pytest.raises(Unreadable, match="not a whole number"):
        integer_reader(".", "")("96.0")


@pytest.mark.parametrize(
    ("text", "month"), [("nov.18", "2018-11"), ("maj.19", "2019-05"), ("AVG.19", "2019-08")]
)
def test_slovenian_month_is_a_month_and_no_more(text: str, month: str) -> None:
    found = moment_reader("MON.YY", MONTHS, LJUBLJANA, 2000)(text).value
    assert isinstance(found, Moment)
    assert (found.text, found.precision) == (month, "month")


def test_month_starts_at_midnight_of_the_source_zone() -> None:
    found = moment_reader("MON.YY", MONTHS, LJUBLJANA, 2000)("nov.18").value
    assert isinstance(found, Moment)
    assert found.starts == datetime(2018, 10, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "text", "iso", "precision"),
    [
        ("DD.MM.YYYY", "5.1.2024", "2024-01-05", "day"),
        ("MM/DD/YY", "01/05/24", "2024-01-05", "day"),
        ("YYYY-MM-DD HH:mm", "2024-07-01 12:30", "2024-07-01T10:30:00.000000Z", "instant"),
        ("YYYYMMDDTHHmmss", "20240101T000000", "2023-12-31T23:00:00.000000Z", "instant"),
        ("YYYYMMDD HHmmss.SSS", "20240701 123000.25", "2024-07-01T10:30:00.250000Z", "instant"),
    ],
)
def test_date_is_as_precise_as_its_form(form: str, text: str, iso: str, precision: str) -> None:
    found = moment_reader(form, {}, LJUBLJANA, 2000)(text).value
    assert isinstance(found, Moment)
    assert (found.text, found.precision) == (iso, precision)


@pytest.mark.parametrize(
    ("form", "text", "why"),
    [
        ("MON.YY", "xyz.18", "'xyz' is not a month"),
        ("MON.YY", "nov18", "not of the form"),
        ("MON.YY", "nov.2018", "not of the form"),
        ("DD.MM.YYYY", "31.02.2024", "no date of the calendar"),
        ("DD.MM.YYYY", "00.01.2024", "no date of the calendar"),
        ("DD.MM.YYYY", "01.01.0000", "no date of the calendar"),
        ("DD.MM.YYYY", "01.01.0001", "no date of"),
        ("DD.MM.YYYY", "31.12.9999", "no date of a plant"),
        ("DD.MM.YYYY HH:mm", "31.03.2024 02:30", "skipped by the clock change"),
        ("DD.MM.YYYY HH:mm", "27.10.2024 02:30", "came twice at the clock change"),
        ("DD.MM.YYYY HH:mm", "27.10.2024 24:30", "no date of the calendar"),
    ],
)
def test_date_that_cannot_be_is_refused(form: str, text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        moment_reader(form, MONTHS, LJUBLJANA, 2000)(text)


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2024-05", "2024-05", "month"),
        ("2024-05-31", "2024-05-31", "day"),
        ("2024-05-31T14:30:00Z", "2024-05-31T14:30:00.000000Z", "instant"),
        ("2024-05-31T14:30:00.1234567+02:00", "2024-05-31T12:30:00.123456Z", "instant"),
        ("2024-05-31 14:30:00,5-0330", "2024-05-31T18:00:00.500000Z", "instant"),
        ("2024-05-31T14:30", "2024-05-31T12:30:00.000000Z", "instant"),
        ("2024-10-27T02:30:00+01:00", "2024-10-27T01:30:00.000000Z", "instant"),
        ("2024-03-31T02:30:00Z", "2024-03-31T02:30:00.000000Z", "instant"),
    ],
)
def test_iso_date_is_as_precise_as_it_is_written(text: str, iso: str, precision: str) -> None:
    found = iso_reader(LJUBLJANA)(text).value
    assert isinstance(found, Moment)
    assert (found.text, found.precision) == (iso, precision)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31.05.2024", "not of ISO 8601"),
        ("2024-5-31", "not of ISO 8601"),
        ("20240531", "not of ISO 8601"),
        ("2024-05-31T14", "not of ISO 8601"),
        ("2024-05-31Z", "not of ISO 8601"),
        ("2024-02-30", "no date of the calendar"),
        ("2024-05-31T24:00:00Z", "no date of the calendar"),
        ("2024-05-31T10:00:60Z", "no date of the calendar"),
        ("2024-05-31T10:00:00+25:00", "no date of the calendar"),
        ("0001-01-01T00:00:00+05:00", "no date of the calendar"),
        ("2024-03-31T02:30:00", "skipped by the clock change"),
        ("2024-10-27T02:30:00", "came twice at the clock change"),
    ],
)
def test_iso_date_that_cannot_be_is_refused(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        iso_reader(LJUBLJANA)(text)


@pytest.mark.parametrize(
    "form", ["", "YYYY", "MM.DD", "YYYY DD", "YY YYYY MM", "MON MM YY", "HH:mm"]
)
def test_form_with_a_gap_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="needs YYYY or YY"):
        form_pattern(form)


def test_value_map_replaces_and_refuses() -> None:
    read = mapped(read_text, {"20M": "20MG", "5MG": "5MG"})
    assert read("20M").text == "20MG"
    with pytest.raises(Unreadable, match=r"'10M' is not in the value map \(20M, 5MG\)"):
        read("10M")


@pytest.mark.parametrize("raw", ["", "  ", "\t \xa0", "\ufeff"])
def test_run_of_blanks_is_blank(raw: str) -> None:
    assert clean(raw) == ""


@pytest.mark.parametrize("raw", ["a\x00b", "\x1b[31m", "a\x85b", "\x7f"])
def test_control_character_is_refused(raw: str) -> None:
    with pytest.raises(Unreadable, match="control character"):
        clean(raw)


def test_overlong_cell_is_refused() -> None:
    with pytest.raises(Unreadable, match="longer than 4000"):
        read_text("x" * 4001)
