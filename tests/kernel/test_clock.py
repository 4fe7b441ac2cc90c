"""The clock: one source for the process, one spelling for a moment."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.kernel.clock import clock_set, day, instant, now, stamp
from daytwo.kernel.errors import Fault, Refused

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
zones = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# A day from either end, so that every zone stays within the years that have four digits.
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=zones)  # noqa: DTZ001


def test_now_is_the_system_time_in_utc():
    before = datetime.now(UTC)
    moment = now()
    assert before <= moment <= datetime.now(UTC)
    assert moment.tzinfo is UTC


def test_clock_set_replaces_and_restores_the_source():
    with clock_set(lambda: NOON):
        assert now() == NOON
        with clock_set(lambda: NOON + timedelta(hours=1)):
            assert now() == NOON + timedelta(hours=1)
        assert now() == NOON
    assert now() != NOON


def test_clock_set_restores_the_source_after_an_error():
    with pytest.raises(KeyError), clock_set(lambda: NOON):
        raise KeyError
    assert now() != NOON


def test_clock_set_is_seen_by_other_threads():
    seen = []
    with clock_set(lambda: NOON):
        thread = threading.Thread(target=lambda: seen.append(now()))
        thread.start()
        thread.join()
    assert seen == [NOON]


def test_now_answers_in_utc_whatever_the_source_says():
    with clock_set(lambda: NOON.astimezone(timezone(timedelta(hours=2)))):
        assert now() == NOON
        assert now().tzinfo is UTC


def test_now_faults_on_a_source_without_zone():
    with clock_set(lambda: NOON.replace(tzinfo=None)), pytest.raises(Fault) as error:
        now()
    assert error.value.code == "clock.naive"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOON, "2026-11-23T12:00:00.123456Z"),
        (NOON.replace(microsecond=0), "2026-11-23T12:00:00.000000Z"),
        (NOON.astimezone(timezone(timedelta(hours=-5))), "2026-11-23T12:00:00.123456Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000000Z"),
        (datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_stamp_has_one_spelling(moment, text):
    assert stamp(moment) == text
    assert instant(text) == moment


def test_stamp_refuses_a_time_without_zone():
    with pytest.raises(Refused) as error:
        stamp(NOON.replace(tzinfo=None))
    assert error.value.code == "clock.naive"


@pytest.mark.parametrize(
    "moment",
    [
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2))),
        datetime(1, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_stamp_refuses_a_year_that_utc_cannot_write(moment):
    with pytest.raises(Refused) as error:
        stamp(moment)
    assert error.value.code == "clock.range"


@given(moments)
def test_instant_reads_what_stamp_writes(moment):
    again = instant(stamp(moment))
    assert again == moment
    assert again.tzinfo is UTC


@given(moments, moments)
def test_stamp_sorts_as_time(one, other):
    assert (stamp(one) < stamp(other)) == (one < other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T12:00:00Z",
        "2026-11-23T12:00:00.123Z",
        "2026-11-23T12:00:00.123456",
        "2026-11-23T12:00:00.123456+00:00",
        "2026-11-23T14:00:00.123456+02:00",
        "2026-11-23 12:00:00.123456Z",
        "2026-11-23t12:00:00.123456z",
        "2026-11-23T12:00:00,123456Z",
        "20261123T120000.123456Z",
        "2026-W48-1T12:00:00.123456Z",
        "2026-11-23T12:00:00.1234567Z",
        "2026-11-23T12:00:60.000000Z",
        "2026-02-29T12:00:00.000000Z",
        "2026-11-23T24:00:00.000000Z",
        " 2026-11-23T12:00:00.123456Z",
        "2026-11-23T12:00:00.123456Z\n",
        "\u0662\u0660\u0662\u0666-11-23T12:00:00.123456Z",
        "0001-01-01T00:00:00.000000+23:59",
        None,
        5,
    ],
)
def test_instant_refuses_any_other_spelling(text):
    with pytest.raises(Refused) as error:
        instant(text)
    assert error.value.code == "clock.format"


@given(st.dates())
def test_day_of_the_calendar_has_one_spelling(date):
    assert day(date.isoformat()) == date.isoformat()
    assert day(date.strftime("%Y%m%d").rjust(8, "0")) == date.isoformat()


@pytest.mark.parametrize("text", ["", "2018-11", "2026-02-29", "31.03.2026", "soon", "2026-1-1"])
def test_day_refuses_what_is_none(text):
    with pytest.raises(Refused) as error:
        day(text)
    assert error.value.code == "clock.day"
