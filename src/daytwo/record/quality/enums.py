"""Routes of a discrepancy and states of a deviation."""

from __future__ import annotations

from enum import StrEnum


class Route(StrEnum):
    """Where quality sends a discrepancy."""

    COMMENT = "comment"
    EXCEPTION = "exception"
    DEVIATION = "deviation"


class DeviationState(StrEnum):
    """State of a deviation."""

    OPEN = "open"
    CLOSED = "closed"


class DeviationClass(StrEnum):
    """How grave a deviation is (EU GMP Chapter 1, ICH Q9)."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
