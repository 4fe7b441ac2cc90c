"""Decisions on a batch."""

from __future__ import annotations

from enum import StrEnum


class Decision(StrEnum):
    """What becomes of a batch."""

    RELEASED = "released"
    REJECTED = "rejected"
