"""Connections that PostgreSQL ends at random moments, while a site works over them."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

LEAST_SECONDS, MOST_SECONDS = 0.02, 0.3
_END_ONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
)


@contextmanager
def disturbed(url: str, chance: Random) -> Iterator[list[int]]:
    """End connections within; of SQLite there is none to end.

    Args:
        url: A PostgreSQL address, or nothing.
        chance: Chooses the moments.

    Yields:
        How many were ended each time; whole when it is left.
    """
    ended: list[int] = []
    stop = threading.Event()
    thread = threading.Thread(target=_end, args=(url, chance, stop, ended), daemon=True)
    if url:
        thread.start()
    try:
        yield ended
    finally:
        stop.set()
        if url:
            thread.join()


def _end(url: str, chance: Random, stop: threading.Event, ended: list[int]) -> None:
    import psycopg  # noqa: PLC0415 - only where it is asked for

    with psycopg.connect(url, autocommit=True) as connection:
        while not stop.wait(chance.uniform(LEAST_SECONDS, MOST_SECONDS)):
            ended.append(connection.execute(_END_ONE).rowcount)
