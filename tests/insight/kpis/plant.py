"""Fact tables made from the rows a test needs; every column not given has its plain default."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from daytwo.insight.facts.engine.duck import over_rows
from daytwo.insight.facts.registry import by_name
from daytwo.insight.kpis.calendar import us
from daytwo.insight.kpis.subjects import DAY_US, Facts

NOW = datetime(2026, 7, 1, tzinfo=UTC)
_DEFAULTS: dict[str, Any] = {"site": "S1", "origin": "native", "seq_first": 1, "seq_last": 2}


def day(number: float) -> int:
    """Return a time as microseconds UTC: day 0 is 1 January 2026."""
    return us(datetime(2026, 1, 1, tzinfo=UTC)) + int(number * DAY_US)


def on(text: str) -> int:
    """Return an ISO date or time, UTC, as microseconds."""
    return us(datetime.fromisoformat(text).replace(tzinfo=UTC))


def facts(*, now: datetime = NOW, zone: str = "UTC", **tables: list[dict[str, Any]]) -> Facts:
    """Return facts whose tables have the rows given; tables not named are empty."""
    for name, rows in tables.items():
        known = {column.name for column in by_name()[name].columns}
        for row in rows:
            assert set(row) <= known, f"{name} has no column {set(row) - known}"
    made = {name: [_DEFAULTS | row for row in rows] for name, rows in tables.items()}
    return Facts(over_rows(made), us(now), zone)
