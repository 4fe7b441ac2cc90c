"""A snapshot stays as it was while others write, and the file is opened for reading only."""

from __future__ import annotations

import sqlite3

import pytest

from daytwo.record.ledger.snapshot import postgresql_snapshot, sqlite_snapshot
from tests import conftest
from tests.record.ledger.crowd import at_once
from tests.record.ledger.notes import count, write_notes

snapshot = postgresql_snapshot if conftest.POSTGRESQL else sqlite_snapshot


def test_snapshot_does_not_see_what_comes_later(site):
    write_notes("before")
    before = count()
    with snapshot() as seen:
        assert len(seen.heads()) == count("ledger_stream")
        at_once([lambda: write_notes("after", stream="batch/B-2")])
        assert sum(len(page) for page in seen.pages()) == before
        assert "batch/B-2" not in {stream for stream, _, _ in seen.heads()}
        assert list(seen.damage()) == []
        assert len(seen.triggers()) >= 6
    with snapshot() as seen:
        assert sum(len(page) for page in seen.pages()) == before + 1


@pytest.mark.skipif(conftest.POSTGRESQL, reason="this is about SQLite's one file")
def test_snapshot_of_a_file_cannot_write(site):
    with sqlite_snapshot() as seen:
        raw = seen.heads.__closure__[0].cell_contents
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            raw.execute("DELETE FROM ledger_stream")
