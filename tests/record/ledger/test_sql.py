"""Plain SQL on the connection of this thread."""

from __future__ import annotations

from daytwo.record.ledger.sql import execute, execute_many, fetch_all, fetch_one, is_postgresql
from tests import conftest


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
