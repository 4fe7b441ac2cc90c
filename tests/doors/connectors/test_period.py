"""A period is of days of the site, or of instants."""

from __future__ import annotations

import click
import pytest

from daytwo.doors.connectors.period import moment, within


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("", ""),
        ("2024-05-31", "2024-05-30T22:00:00.000000Z"),
        ("2024-05-31T10:00:00Z", "2024-05-31T10:00:00.000000Z"),
    ],
)
def test_day_is_one_of_the_site(text: str, stamp: str) -> None:
    assert moment(text) == stamp


def test_what_is_no_day_is_refused() -> None:
    with pytest.raises(click.ClickException, match="no ISO 8601 day"):
        moment("yesterday")


def test_period_holds_its_begin_and_not_its_end() -> None:
    assert within("b", "b", "c")
    assert not within("c", "b", "c")
    assert not within("a", "b", "")
    assert within("a", "", "")
