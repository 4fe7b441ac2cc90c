"""Excel's numbers and days become texts that say what Excel shows."""

from __future__ import annotations

import pytest

from daytwo.doors.connectors.excel.cells import (
    Unusable,
    column_name,
    column_of,
    kind_of_format,
    moment_text,
    number_text,
)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("0.1", "0.1"),
        ("1.1000000000000001", "1.1"),
        ("0.30000000000000004", "0.3"),
        ("98.599999999999994", "98.6"),
        ("123456789012345678", "123456789012345678"),
        ("1E-3", "0.001"),
        ("1.5E+20", "150000000000000000000"),
        ("-7", "-7"),
        ("1E+300", "1e+300"),
    ],
)
def test_number_has_no_noise(stored: str, text: str) -> None:
    assert number_text(stored) == text


@pytest.mark.parametrize("stored", ["abc", "1,5", ""])
def test_what_is_no_number_is_refused(stored: str) -> None:
    with pytest.raises(Unusable, match="promises a number"):
        number_text(stored)


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        (0, "", ""),
        (2, "", ""),
        (14, "", "date"),
        (22, "", "moment"),
        (20, "", "time"),
        (164, "yyyy\\-mm\\-dd", "date"),
        (164, "dd/mm/yyyy hh:mm", "moment"),
        (164, "[$-409]mmm\\-yy;@", "date"),
        (164, "mmmm", "date"),
        (164, "mm:ss.0", "time"),
        (164, "[h]:mm", "time"),
        (164, '0.00 "days"', ""),
        (164, "[Red]0.0", ""),
        (164, "General", ""),
        (164, "#,##0.00\\ [$€-1]", ""),
        (164, "0.00E+00", ""),
    ],
)
def test_format_says_what_is_shown(number: int, code: str, kind: str) -> None:
    assert kind_of_format(number, code) == kind


@pytest.mark.parametrize(
    ("stored", "kind", "text"),
    [
        ("45443", "date", "2024-05-31"),
        ("45443.604166666664", "moment", "2024-05-31T14:30:00"),
        ("45443", "moment", "2024-05-31T00:00:00"),
        ("45443.604166666664", "date", "2024-05-31T14:30:00"),
        ("45443.6043431713", "moment", "2024-05-31T14:30:15.250"),
        ("0.604166666666667", "time", "14:30:00"),
        ("1.25", "time", "30:00:00"),
        ("59", "date", "1900-02-28"),
        ("61", "date", "1900-03-01"),
    ],
)
def test_day_count_is_a_date(stored: str, kind: str, text: str) -> None:
    assert moment_text(stored, kind, from_1904=False) == text


def test_workbook_may_count_from_1904() -> None:
    assert moment_text("43981", "date", from_1904=True) == "2024-05-31"


@pytest.mark.parametrize("stored", ["-1", "3000000", "60", "x"])
def test_what_is_no_day_is_refused(stored: str) -> None:
    with pytest.raises(Unusable):
        moment_text(stored, "date", from_1904=False)


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (16383, "XFD")])
def test_columns_have_letters(column: int, name: str) -> None:
    assert column_of(f"{name}12") == column
    assert column_name(column) == name


@pytest.mark.parametrize("place", ["", "12", "XFE1", "a1", "A1:B2"])
def test_place_outside_a_sheet_is_refused(place: str) -> None:
    with pytest.raises(Unusable, match="no place of a sheet"):
        column_of(place)
