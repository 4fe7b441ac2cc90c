"""The engine of this process over the facts as they are now, live tail included."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from daytwo.insight.facts.engine.duck import DuckDB, DuckEngine
from daytwo.insight.facts.follow import current, folder

if TYPE_CHECKING:
    from daytwo.insight.facts.snapshot import Snapshot


def live() -> DuckEngine:
    """Return DuckDB over every event that is committed now."""
    return over(current())


def over(snapshot: Snapshot) -> DuckEngine:
    """Return DuckDB over one state of the facts."""
    return DuckEngine(_database(), snapshot.sources)


@cache
def _database() -> DuckDB:
    temporary = folder() / ".temporary"
    return DuckDB(temporary)
