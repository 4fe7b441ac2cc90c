"""Connections to the embedded file outlive their thread: see `kernel.threads`."""

from __future__ import annotations

from typing import Any

from daytwo.kernel.threads import Belongings

CONNECTIONS: Belongings[Any] = Belongings(lambda connection: connection.close())


def hold(connection: Any, **_more: Any) -> None:
    """Hold the connection that Django has just opened in this thread."""
    if connection.vendor == "sqlite":
        CONNECTIONS.put(connection.connection)
