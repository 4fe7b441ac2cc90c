"""Plain SQL on the connection of this thread."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from daytwo.record.access.models import Credential
from daytwo.record.ledger.sql import (
    execute,
    execute_many,
    fetch_all,
    fetch_each,
    fetch_one,
    foreseen,
    is_postgresql,
    together,
)
from tests import conftest

INSERT = (
    "INSERT INTO access_credential (person_id, password, totp_sealed, totp_last_step)"
    " VALUES (%s, %s, '', 0)"
)
NAMES = "SELECT person_id FROM access_credential WHERE person_id LIKE 'z%%' ORDER BY 1"


def test_statements_take_parameters_and_tell_rows(site):
    insert = "INSERT INTO access_credential (person_id, password, totp_sealed, totp_last_step)"
    rows = [("zoe", "'; --", "", 0), ("zed", "%s", "", 0)]
    execute_many(f"{insert} VALUES (%s, %s, %s, %s)", rows)
    query = "SELECT person_id, password FROM access_credential WHERE person_id LIKE %s ORDER BY 1"
    assert fetch_all(query, ("z%",)) == [("zed", "%s"), ("zoe", "'; --")]
    assert fetch_one(query, ("zo%",)) == ("zoe", "'; --")
    assert fetch_one(query, ("none%",)) is None
    assert execute("DELETE FROM access_credential WHERE person_id LIKE %s", ("z%",)) == 2
    assert execute("DELETE FROM access_credential WHERE person_id LIKE %s", ("z%",)) == 0


def test_kind_of_database_is_known(site):
    assert is_postgresql() is conftest.POSTGRESQL


def test_each_statement_is_answered_in_its_order(site):
    execute_many(INSERT, [("zoe", "1")])
    one, none, names = fetch_each(
        ("SELECT password FROM access_credential WHERE person_id = %s", ("zoe",)),
        ("SELECT password FROM access_credential WHERE person_id = %s", ("zed",)),
        (NAMES, ()),
    )
    assert (one, none, names) == ([("1",)], [], [("zoe",)])
    assert fetch_each() == []


def test_foreseen_answer_serves_until_something_is_written(site):
    said = [("foreseen",)]
    with foreseen([(NAMES, ())], [said]):
        assert fetch_all(NAMES) == said
        assert fetch_each((NAMES, ())) == [said]
        assert fetch_all(NAMES.replace("z%%", "y%%")) == []
        assert fetch_each((NAMES, ()), (NAMES.replace("z%%", "y%%"), ())) == [said, []]
        execute(INSERT, ("zoe", "1"))
        assert fetch_all(NAMES) == [("zoe",)]
    with foreseen([(NAMES, ())], [said]):
        execute_many(INSERT, [("zed", "2"), ("zac", "3")])
        assert fetch_all(NAMES) == [("zac",), ("zed",), ("zoe",)]
    with pytest.raises(LookupError), foreseen([(NAMES, ())], [said]):
        raise LookupError
    assert fetch_all(NAMES) == [("zac",), ("zed",), ("zoe",)]


def test_what_is_written_together_is_read_at_once_and_all_there_at_the_end(site):
    with transaction.atomic(), together():
        execute(INSERT, ("zoe", "1"))
        execute_many(INSERT, [("zed", "2"), ("zac", "3")])
        assert fetch_all(NAMES) == [("zac",), ("zed",), ("zoe",)]
        execute("DELETE FROM access_credential WHERE person_id = %s", ("zac",))
    assert fetch_all(NAMES) == [("zed",), ("zoe",)]


def test_failure_among_what_is_written_together_is_told_and_leaves_nothing(site):
    def three() -> None:
        with transaction.atomic(), together():
            for name in ("zoe", "zoe", "zed"):
                execute(INSERT, (name, "1"))

    with pytest.raises(IntegrityError):
        three()
    assert fetch_all(NAMES) == []
    execute(INSERT, ("zed", "3"))
    assert fetch_all(NAMES) == [("zed",)]


def test_orm_knows_the_rows_it_touched_also_together(site):
    execute(INSERT, ("zoe", "1"))
    with transaction.atomic(), together():
        execute(INSERT, ("zed", "2"))
        assert Credential.objects.filter(person_id="zed").update(password="3") == 1
        Credential(person_id="zoe", password="4").save()
    kept = "SELECT password FROM access_credential WHERE person_id LIKE 'z%%' ORDER BY person_id"
    assert fetch_all(kept) == [("3",), ("4",)]


@pytest.mark.skipif(not conftest.POSTGRESQL, reason="SQLite's file does not hang up")
def test_connection_that_the_server_ended_is_opened_anew_at_the_next_request(site):
    connection.close_if_unusable_or_obsolete()
    (gone,) = fetch_one("SELECT pg_backend_pid()")
    connection.close_if_unusable_or_obsolete()
    with connection.copy("other").cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (gone,))
        other.connection.close()
    assert fetch_one("SELECT pg_backend_pid()") != (gone,)
