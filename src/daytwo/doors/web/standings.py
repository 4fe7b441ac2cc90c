"""The answers that a page shows, and of which state of the record they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from daytwo.doors.web.downloads import FORMATS
from daytwo.doors.web.formats import site_zone
from daytwo.insight.kpis.calendar import at
from daytwo.insight.kpis.standing import Standing, standing, whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest

Made = TypeVar("Made")

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


def answered(request: HttpRequest, reading: Callable[..., Made], *args: Any) -> Standing[Made]:
    """Return a reading of the facts: for a page what stands, for a file one of every event.

    Args:
        request: The page's; its `format` asks for a file.
        reading: Called with the facts and `args`; what it returns is shared, so nobody changes it.
        *args: Told apart by how they are written (`repr`).
    """
    ask = whole if request.GET.get("format") in FORMATS else standing
    return ask(reading, *args)


def told(request: HttpRequest, reading: Callable[..., Made], *args: Any) -> Made:
    """Return what `answered` does, and remember for the page of which state of the record it is."""
    found = answered(request, reading, *args)
    before: Standing[Any] = getattr(request, _KEPT, found)
    oldest = min(before, found, key=lambda one: one.seq)
    newest = max(before.last_seq, found.last_seq)
    setattr(request, _KEPT, replace(oldest, last_seq=newest))
    return found.value


def stood(request: HttpRequest) -> Stood | None:
    """Return what the figures of a page are of; None when it asked for none."""
    found: Standing[Any] | None = getattr(request, _KEPT, None)
    return None if found is None else of(found)


def of(found: Standing[Any]) -> Stood:
    """Return what to say of an answer."""
    return Stood(found.seq, at(found.as_of_us, site_zone().key), found.fresh)
