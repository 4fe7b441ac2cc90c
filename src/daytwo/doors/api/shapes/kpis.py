"""Answers about KPIs."""

from __future__ import annotations

from ninja import Schema


class KpiLine(Schema):
    """A definition in short."""

    id: str
    version: int
    name: str
    unit: str
    references: str


class ExcludedOut(Schema):
    """Why subjects were left out, and how many."""

    why: str
    n: int


class KpiOut(Schema):
    """A KPI's answer; `value` is null when nothing counts, the interval is of 95 %."""

    id: str
    version: int
    value: float | None
    unit: str
    n: int
    coverage: float | None
    interval: list[float] | None
    p90: float | None
    open: int
    excluded: list[ExcludedOut]


class KpiEventOut(Schema):
    """An event behind a value."""

    seq: int
    stream: str
    version: int
    type: str
    occurred_at: str
    actor: str
    hash: str


class SubjectOut(Schema):
    """One subject of a KPI, counted or not."""

    subject: str
    value: float | None
    unit: str
    why_not: str
    open: bool
    start: KpiEventOut | None
    stop: KpiEventOut | None
