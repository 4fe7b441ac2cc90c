"""The trail cannot be edited, by nobody who speaks SQL, and nothing switches that off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from daytwo.record.ledger.checkpoint import make_checkpoint
from daytwo.record.ledger.guards import GUARDED, guard_names, guard_statements
from daytwo.record.ledger.sql import execute, fetch_all
from tests import conftest
from tests.record.ledger.notes import write_notes

pytestmark = pytest.mark.requirement("R07")
SOURCE = Path(__file__).resolve().parents[3] / "src" / "daytwo"

EVERYWHERE = (
    "UPDATE ledger_event SET payload = '{}'",
    "UPDATE ledger_event SET reason = NULL WHERE version = 1",
    "UPDATE ledger_event SET seq = seq + 1000",
    "DELETE FROM ledger_event",
    "DELETE FROM ledger_event WHERE stream = 'batch/B-1' AND version = 2",
    "UPDATE ledger_checkpoint SET root = '0'",
    "DELETE FROM ledger_checkpoint",
)
REPLACE = (
    "INSERT OR REPLACE INTO ledger_event SELECT {seq}, {stream}, version, type, schema, '{{}}',"
    " occurred_at, recorded_at, actor_id, actor_name, actor_role, origin, reason, {command},"
    " command_position, command_name, command_digest, prev_hash, hash FROM ledger_event"
    " WHERE stream = 'batch/B-1' AND version = 2"
)
"""Puts a row in the place of one that stands, by one of the three keys; the other two are new."""
SQLITE = (
    "UPDATE OR IGNORE ledger_event SET payload = '{}'",
    "UPDATE OR REPLACE ledger_event SET version = 1 WHERE version = 2",
    "REPLACE INTO ledger_event SELECT * FROM ledger_event WHERE stream = 'batch/B-1'",
    REPLACE.format(seq="seq", stream="'batch/other'", command="'other'"),
    REPLACE.format(seq="seq + 500", stream="stream", command="'other'"),
    REPLACE.format(seq="seq + 500", stream="'batch/other'", command="command_id"),
    (
        "INSERT INTO ledger_event SELECT * FROM ledger_event WHERE 1"
        " ON CONFLICT DO UPDATE SET payload = '{}'"
    ),
    (
        "INSERT OR REPLACE INTO ledger_checkpoint SELECT number, made_at, last_seq, streams, '0',"
        " body, signature FROM ledger_checkpoint"
    ),
)
POSTGRESQL = (
    "TRUNCATE ledger_event",
    "TRUNCATE ledger_event, ledger_checkpoint CASCADE",
    "TRUNCATE ledger_checkpoint RESTART IDENTITY",
    (
        "INSERT INTO ledger_event SELECT * FROM ledger_event ON CONFLICT (seq)"
        " DO UPDATE SET payload = '{}'"
    ),
    (
        "INSERT INTO ledger_checkpoint SELECT * FROM ledger_checkpoint ON CONFLICT (number)"
        " DO UPDATE SET root = '0'"
    ),
    "WITH gone AS (DELETE FROM ledger_event RETURNING seq) SELECT count(*) FROM gone",
    "MERGE INTO ledger_event e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
)


def contents() -> list:
    return [fetch_all(f"SELECT * FROM {table} ORDER BY 1") for table in GUARDED]


def test_raw_sql_that_changes_or_removes_is_refused(site):
    write_notes("one", "two")
    make_checkpoint(site)
    before = contents()
    assert all(before)
    for statement in (*EVERYWHERE, *(POSTGRESQL if conftest.POSTGRESQL else SQLITE)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            execute(statement)
        assert contents() == before, statement
    write_notes("three")


def test_every_guard_stands_on_its_table(site):
    query = (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        if conftest.POSTGRESQL
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    )
    found = set(fetch_all(query))
    assert {(name, table) for table in GUARDED for name in guard_names(table)} <= found


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_each_guard_is_made_by_one_statement(vendor):
    made = re.findall(r"CREATE TRIGGER (\w+) BEFORE", "\n".join(guard_statements(vendor)))
    assert sorted(made) == sorted(name for table in GUARDED for name in guard_names(table))


SWITCHES = {
    "DATABASE_URL": "which database",
    "DAYTWO_DATA": "where the data directory lies",
    "DAYTWO_HOSTS": "the names that this server answers to",
    "DAYTWO_SECRET_KEY": "the site's key, from outside",
    "DAYTWO_SHIFTS": "when shifts begin: by what figures are split",
    "DAYTWO_SITE": "the name of the site in facts",
    "DAYTWO_TIME_ZONE": "the zone printed beside signatures",
    "DAYTWO_TLS": "cookies only over TLS",
    "DAYTWO_WORKERS": "how many processes serve",
    "DJANGO_SETTINGS_MODULE": "Django's own",
    "PROMETHEUS_MULTIPROC_DIR": "where several processes add up what they count for /metrics",
}
"""Everything that the environment decides; none of it touches the trail, a rule or a session."""


def test_no_configuration_switches_the_trail_off():
    read = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        read |= set(re.findall(r"""environ(?:\.get\(|\.setdefault\(|\[)\s*["'](\w+)["']""", text))
        read |= set(re.findall(r"""getenv\(\s*["'](\w+)["']""", text))
        read |= set(re.findall(r"""envvar=["'](\w+)["']""", text))
    assert read <= set(SWITCHES), f"say what it is for, and that it weakens nothing: {read}"
    assert "DAYTWO_DATA" in read


def test_no_code_of_the_house_takes_a_guard_away():
    forbidden = re.compile(
        r"DROP TRIGGER|DISABLE TRIGGER|session_replication_role|writable_schema"
        r"|(UPDATE|DELETE FROM|TRUNCATE)\s+ledger_(event|checkpoint)\b",
        re.IGNORECASE,
    )
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if forbidden.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
