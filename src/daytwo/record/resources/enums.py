"""Words of material lots and equipment."""

from __future__ import annotations

from enum import StrEnum


class LotStatus(StrEnum):
    """What a material lot may be used for."""

    QUARANTINE = "quarantine"
    RELEASED = "released"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
