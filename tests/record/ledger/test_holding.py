"""The connection of a thread that has ended is closed by the next one that opens its own."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from daytwo.record.ledger.holding import CONNECTIONS
from daytwo.record.ledger.sql import is_postgresql

if TYPE_CHECKING:
    from pathlib import Path


def opened() -> list[Any]:
    """Open Django's connection in a thread, let the thread end, return what it had."""
    found: list[Any] = []

    def ask() -> None:
        connection.ensure_connection()
        found.append(connection.connection)

    worker = threading.Thread(target=ask)
    worker.start()
    worker.join()
    return found


@pytest.mark.usefixtures("site")
def test_connection_stays_open_until_another_thread_closes_it(site: Path) -> None:
    if is_postgresql():
        pytest.skip("connections to the embedded file")
    assert site.exists()
    (one,) = opened()
    assert one.execute("SELECT 1").fetchone() == (1,)
    CONNECTIONS.close_left()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        one.execute("SELECT 1")
