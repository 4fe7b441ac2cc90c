"""Answers about KPIs."""

from __future__ import annotations

from typing import Any

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


class CensoredOut(Schema):
    """The median with the open ones in it, by Kaplan-Meier; an end is null while it is open."""

    median: float | None
    interval: list[float | None]


class PeriodOut(Schema):
    """A span of time in microseconds UTC; null is unbounded."""

    since_us: int | None
    until_us: int | None


class FigureOut(Schema):
    """A KPI's answer; `value` is null when nothing counts, the interval is of 95 %."""

    id: str
    version: int
    name: str
    value: float | None
    unit: str
    n: int
    coverage: float | None
    interval: list[float] | None
    p90: float | None
    open: int | None
    excluded: list[ExcludedOut]
    counted: int
    subjects: int
    undated: int
    numerator: float | None
    denominator: float | None
    censored: CensoredOut | None
    minimum_n: int
    enough: bool
    withheld: str
    group: dict[str, str | None]
    period: PeriodOut
    as_of_us: int


class KpiOut(FigureOut):
    """The whole figure, and one for each value of the dimensions asked for."""

    groups: list[FigureOut] = []


class KpiEventOut(Schema):
    """An event behind a value."""

    seq: int
    stream: str
    version: int
    type: str
    occurred_at: str
    actor: str
    hash: str
    origin: dict[str, Any]


class SubjectOut(Schema):
    """One subject of a KPI, counted or not."""

    subject: str
    kind: str
    value: float | None
    numerator: float | None
    denominator: float | None
    unit: str
    why_not: str
    open: bool
    start: KpiEventOut | None
    stop: KpiEventOut | None
