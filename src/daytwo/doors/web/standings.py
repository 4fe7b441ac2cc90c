"""The answers that a page shows, and of which state of the record they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from daytwo.doors.web.downloads import FORMATS
from daytwo.doors.web.formats import site_zone
from daytwo.insight.kpis.calendar import at
from daytwo.insight.kpis.standing import Standing, standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest

Made = TypeVar("Made")

FILE_PATIENCE_S = 60.0
"""How long a file is waited for that holds every event: it cannot be looked at again."""
_KEPT = "_daytwo_stood"


@dataclass(frozen=True, slots=True)
class Stood:
    """What a page says of its figures.

    Attributes:
        seq: Number of the last event in the oldest of its answers.
        at: When that was made.
        fresh: Whether every event that there is, is in it.
    """

    seq: int
    at: datetime
    fresh: bool


def told(request: HttpRequest, reading: Callable[..., Made], *args: Any) -> Made:
    """Return a reading of the facts as `standing` does, and remember what it is of.

    Args:
        request: The page's; a file that it asks for is made of every event there is.
        reading: Called with the facts and `args`; what it returns is shared, so nobody changes it.
        *args: Told apart by how they are written (`repr`).
    """
    wait = patience(request)
    found = standing(reading, *args, patience_s=wait)
    if wait and not found.fresh:
        # What was under way is done; what is begun now is of a later state than the request.
        found = standing(reading, *args, patience_s=wait)
    before: Standing[Any] | None = getattr(request, _KEPT, None)
    if before is None or found.seq < before.seq:
        setattr(request, _KEPT, found)
    return found.value


def patience(request: HttpRequest) -> float | None:
    """Return how long a request waits for an answer with every event in it: a file does."""
    return FILE_PATIENCE_S if request.GET.get("format") in FORMATS else None


def stood(request: HttpRequest) -> Stood | None:
    """Return what the figures of a page are of; None when it asked for none."""
    found: Standing[Any] | None = getattr(request, _KEPT, None)
    return None if found is None else of(found)


def of(found: Standing[Any]) -> Stood:
    """Return what to say of an answer."""
    return Stood(found.seq, at(found.as_of_us, site_zone().key), found.fresh)
