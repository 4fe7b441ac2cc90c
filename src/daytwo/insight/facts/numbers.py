"""Reported texts as numbers for statistics, where they are numbers."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation


def as_float(text: str | None) -> float | None:
    """Return a reported value as a float; None where it is no number ("< 0.05", "complies")."""
    if text is None:
        return None
    try:
        number = float(Decimal(text))
    except InvalidOperation:
        return None
    return number if math.isfinite(number) else None
