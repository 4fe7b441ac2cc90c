"""Connections that PostgreSQL ends at random moments, while a site works over them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from random import Random
    from types import TracebackType

LEAST_SECONDS, MOST_SECONDS = 0.02, 0.3
_END_ONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
)


class Disturbance:
    """A thread that ends a connection now and then; of SQLite there is none to end."""

    def __init__(self, url: str, chance: Random) -> None:
        """Prepare; nothing is ended before `with`."""
        self.ended = 0
        self._url = url
        self._chance = chance
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        if self._url:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        self._stop.set()
        if self._url:
            self._thread.join()

    def _work(self) -> None:
        import psycopg  # noqa: PLC0415 - only where it is asked for

        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._stop.wait(self._chance.uniform(LEAST_SECONDS, MOST_SECONDS)):
                self.ended += connection.execute(_END_ONE).rowcount
