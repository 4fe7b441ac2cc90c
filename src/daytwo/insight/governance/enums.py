"""States of an initiative."""

from __future__ import annotations

from enum import StrEnum


class InitiativeState(StrEnum):
    """How far an initiative has come."""

    STATED = "stated"
    FROZEN = "frozen"
    LIVE = "live"
    MEASURED = "measured"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
