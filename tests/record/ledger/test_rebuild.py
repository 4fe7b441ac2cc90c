"""Rebuild: every row follows from the ledger, and a doctored one shows."""

from __future__ import annotations

from threading import Event, Thread
from time import sleep

import pytest
from django.db import connection

from daytwo.record.access.commands import deactivate
from daytwo.record.access.queries import person
from daytwo.record.ledger.projections import handled_types, projections
from daytwo.record.ledger.reading import events
from daytwo.record.ledger.rebuild import compare, rebuild
from daytwo.record.ledger.sql import execute, fetch_all
from tests import conftest
from tests.conftest import Person
from tests.record.ledger.crowd import at_once
from tests.record.ledger.notes import count, notes, write_notes


def tables() -> list[str]:
    return [m._meta.db_table for p in projections() for m in p.models]


def rows() -> dict[str, list]:
    return {table: sorted(map(repr, fetch_all(f"SELECT * FROM {table}"))) for table in tables()}


def test_rebuilt_rows_equal_the_live_ones(reviewed):
    before = rows()
    filled = [table for table, content in before.items() if content]
    assert len(filled) >= 12, filled
    read = rebuild()
    assert rows() == before
    assert read == len(list(events(handled_types())))
    found = compare()
    assert found.equal
    assert (found.tables, found.projections) == (len(tables()), len(projections()))


def test_every_doctored_table_is_named(reviewed):
    """One row removed, one made up, or one changed: in every table that a batch fills."""
    doctored = {}
    for number, table in enumerate(name for name in tables() if count(name)):
        doctored[table] = (_remove, _double, _change)[number % 3](table)
    found = {d.table: (d.missing, d.surplus) for d in compare().differing}
    assert found == doctored
    rebuild()
    assert compare().equal


def _remove(table: str) -> tuple[int, int]:
    key = _key(table)
    gone = execute(f"DELETE FROM {table} WHERE {key} = (SELECT MIN({key}) FROM {table})")
    return gone, 0


def _double(table: str) -> tuple[int, int]:
    names = [c.column for c in _model(table)._meta.concrete_fields]
    key = _key(table)
    text = _model(table)._meta.pk.get_internal_type() == "CharField"
    other = f"'x' || substr({key}, 1, 80)" if text else f"{key} + 1000000"
    values = ", ".join(other if name == key else name for name in names)
    if table == "access_token":
        values = values.replace("digest", "'other'")
    made = execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}"
        f" WHERE {key} = (SELECT MIN({key}) FROM {table})"
    )
    return 0, made


def _change(table: str) -> tuple[int, int]:
    key = _key(table)
    texts = [
        f.column
        for f in _model(table)._meta.concrete_fields
        if f.get_internal_type() in {"TextField", "CharField"} and not f.primary_key
    ]
    first = f"(SELECT MIN({key}) FROM {table})"
    changed = execute(f"UPDATE {table} SET {texts[-1]} = 'doctored' WHERE {key} = {first}")
    return changed, changed


def _model(table: str):
    return next(m for p in projections() for m in p.models if m._meta.db_table == table)


def _key(table: str) -> str:
    return _model(table)._meta.pk.column


def test_compare_changes_nothing_and_hinders_no_writer(site):
    write_notes("one", "two")
    execute("UPDATE batches_comment SET comment = 'doctored' WHERE comment = 'two'")
    before = rows()
    entered, go_on = Event(), Event()

    def hold(_done: int, _of: int) -> None:
        entered.set()
        assert go_on.wait(10)

    result: list = []

    def run() -> None:
        try:
            result.append(compare(progress=hold))
        finally:
            connection.close()

    comparing = Thread(target=run)
    comparing.start()
    assert entered.wait(10)
    write_notes("three")
    go_on.set()
    comparing.join()
    assert [(d.table, d.missing, d.surplus) for d in result[0].differing] == [
        ("batches_comment", 1, 1)
    ]
    after = rows()
    assert after.pop("batches_comment") == sorted(
        [*before.pop("batches_comment"), repr(tuple(_last("batches_comment")))]
    )
    assert after == before
    assert not compare().equal


def _last(table: str) -> tuple:
    return fetch_all(f"SELECT * FROM {table} ORDER BY event_seq DESC LIMIT 1")[0]


def test_rebuild_puts_right_what_was_doctored(site):
    write_notes("one", "two")
    execute("DELETE FROM batches_comment WHERE comment = 'one'")
    execute("UPDATE access_person SET status = 'active', must_change = NOT must_change")
    rebuild()
    assert notes() == ["one", "two"]
    assert compare().equal


def test_rebuild_beside_writers_loses_no_change(site):
    """What is committed while the rows are made anew is in them: a new row, and a changed one."""
    write_notes("before")
    entered = Event()

    def hold(_done: int, _of: int) -> None:
        entered.set()
        sleep(0.4)

    jobs = (
        lambda: rebuild(progress=hold),
        lambda: entered.wait(10) and write_notes("beside"),
        lambda: (
            entered.wait(10) and Person("ada").does(deactivate, person_id="stan", reason="left")
        ),
    )
    outcomes = at_once(jobs)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert notes() == ["before", "beside"]
    assert person("stan").status == "deactivated"
    assert compare().equal


def test_progress_ends_at_the_whole(site):
    told: list[tuple[int, int]] = []
    rebuild(progress=lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] == fetch_all("SELECT MAX(seq) FROM ledger_event")[0][0]


def test_secrets_are_no_projection_and_outlive_a_rebuild(site):
    before = fetch_all("SELECT * FROM access_credential ORDER BY person_id")
    assert before
    rebuild()
    assert fetch_all("SELECT * FROM access_credential ORDER BY person_id") == before


@pytest.mark.skipif(conftest.POSTGRESQL, reason="SQLite's temporary tables are made from its SQL")
def test_shadow_tables_are_gone_after_a_comparison(site):
    compare()
    assert fetch_all("SELECT name FROM temp.sqlite_master") == []
    assert connection.transaction_mode == "IMMEDIATE"
