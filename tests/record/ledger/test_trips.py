"""Trips to PostgreSQL: order, errors, what is prepared, and a connection that ends on the way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from tests import conftest

if not conftest.POSTGRESQL:
    pytest.skip("asks PostgreSQL", allow_module_level=True)

import psycopg

from daytwo.record.ledger import trips as module
from daytwo.record.ledger.trips import Trips

INSERT = (
    "INSERT INTO access_credential (person_id, password, totp_sealed, totp_last_step)"
    " VALUES (%s, %s, '', 0)"
)
NAMES = "SELECT person_id FROM access_credential WHERE person_id LIKE 'z%%' ORDER BY 1"
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'daytwo%%'"


@pytest.fixture
def other(site):
    """A connection of its own, which the test may break."""
    own = connection.copy("other")
    own.ensure_connection()
    yield own.connection
    own.connection.close()


@pytest.fixture
def trips(other):
    other.autocommit = True
    return Trips(other)


def test_statements_of_one_trip_are_answered_in_their_order(trips):
    rows = trips.rows(
        [(INSERT, ("zoe", "1")), (NAMES, ()), (INSERT, ("zed", "2")), (NAMES, ()), (NAMES, ())]
    )
    assert rows == [[], [("zoe",)], [], [("zed",), ("zoe",)], [("zed",), ("zoe",)]]
    assert trips.rows([]) == []


def test_values_come_back_as_psycopg_itself_gives_them(trips, other):
    query = (
        "SELECT %s::int, %s::bigint, %s::text, %s::bool, %s::numeric, %s::text[], %s::timestamptz,"
        " %s::text, %s::float8, '%%s'"
    )
    given = (1, 2**40, "ä'; --", True, Decimal("1.50"), ["a", "b"])
    given = (*given, dt.datetime(2026, 1, 2, 3, 4, 5, 6, dt.UTC), None, 0.1)
    (ours,) = trips.rows([(query, given)])
    theirs = psycopg.Cursor(other).execute(query, given).fetchall()
    assert ours == theirs
    assert ours[0][:6] == given[:6]
    assert ours[0][-1] == "%s"


def test_rows_that_were_touched_are_counted_over_all_statements(trips):
    assert trips.touched([(INSERT, ("zoe", "1")), (INSERT, ("zed", "2"))]) == 2
    assert trips.touched([("UPDATE access_credential SET password = '3' WHERE false", ())]) == 0
    assert trips.touched([("DELETE FROM access_credential WHERE person_id LIKE 'z%%'", ())]) == 2


def test_first_failure_is_told_and_nothing_of_the_trip_stays(trips):
    with pytest.raises(psycopg.errors.UniqueViolation, match="zoe"):
        trips.touched([(INSERT, ("zoe", "1")), (INSERT, ("zoe", "2")), ("SELECT 1 / 0", ())])
    assert trips.rows([(NAMES, ())]) == [[]]
    with pytest.raises(psycopg.errors.DivisionByZero):
        trips.rows([("SELECT 1 / (%s - 1)", (1,))])
    assert trips.rows([("SELECT 1 / (%s - 1)", (2,))]) == [[(1,)]]


def test_statement_that_cannot_be_prepared_is_not_taken_for_prepared(trips):
    wrong, later = "SELECT * FROM no_such_table", "SELECT 'later'"
    for _ in range(2):
        with pytest.raises(psycopg.errors.UndefinedTable):
            trips.rows([(wrong, ()), (later, ())])
    assert trips.rows([(later, ())]) == [[("later",)]]


def test_value_that_cannot_be_sent_is_told_before_anything_is(trips):
    with pytest.raises(psycopg.DataError, match="NUL"):
        trips.touched([(INSERT, ("zoe", "1")), (INSERT, ("zed", "\0"))])
    with pytest.raises(psycopg.ProgrammingError, match="object"):
        trips.touched([(INSERT, ("zoe", "1")), (INSERT, ("zed", object()))])
    assert trips.rows([(NAMES, ())]) == [[]]


def test_transaction_is_begun_where_psycopg_would_begin_one(other):
    other.autocommit = False
    trips = Trips(other)
    trips.touched([(INSERT, ("zoe", "1"))])
    assert other.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    trips.touched([(INSERT, ("zed", "2"))])
    other.rollback()
    assert trips.rows([(NAMES, ())]) == [[]]
    other.rollback()


def test_statement_is_prepared_once_for_each_kind_of_its_values(trips):
    for _ in range(3):
        trips.rows([("SELECT %s::text", ("a",)), ("SELECT %s::text", ("b",))])
    (((one,),),) = trips.rows([(PREPARED, ())])
    trips.rows([("SELECT %s::text", (1,))])
    (((two,),),) = trips.rows([(PREPARED, ())])
    assert (one, two) == (2, 3)


def test_prepared_statements_do_not_grow_without_end(trips, monkeypatch):
    monkeypatch.setattr(module, "MOST_PREPARED", 5)
    for number in range(20):
        assert trips.rows([(f"SELECT {number}", ())]) == [[(number,)]]
        (((kept,),),) = trips.rows([(PREPARED, ())])
        assert kept <= 6


def test_more_statements_than_one_trip_holds_all_run(trips, monkeypatch):
    monkeypatch.setattr(module, "MOST_AT_ONCE", 7)
    names = [f"z{number:03d}" for number in range(50)]
    assert trips.touched([(INSERT, (name, "1")) for name in names]) == 50
    assert trips.rows([(NAMES, ())]) == [[(name,) for name in names]]


def test_answers_larger_than_what_the_wire_holds_at_once_arrive(trips):
    long = "x" * 100_000
    rows = trips.rows([("SELECT %s::text, %s", (long, n)) for n in range(300)])
    assert [row[0][1] for row in rows] == list(range(300))
    assert all(row[0][0] == long for row in rows)


def test_connection_that_ends_on_the_way_is_told_and_closed(trips, other):
    end = "SELECT pg_terminate_backend(pg_backend_pid())"
    with pytest.raises(psycopg.OperationalError):
        trips.rows([(INSERT, ("zoe", "1")), (end, ()), (NAMES, ())])
    assert other.closed
    with pytest.raises(psycopg.OperationalError):
        trips.rows([(NAMES, ())])


def test_interrupted_wait_closes_the_connection(trips, other, monkeypatch):
    def interrupted(answers):
        next(answers)
        raise KeyboardInterrupt

    monkeypatch.setattr(other, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trips.rows([("SELECT pg_sleep(0.2)", ())])
    assert other.closed
