"""An event as a fold sees it: its payload, its times in microseconds, and rows folded before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from daytwo.kernel.clock import Day, day
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from daytwo.record.ledger.catalogue import Json
    from daytwo.record.ledger.envelope import Recorded

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
LATE_MINUTES = 30
"""An entry written down later than this after the activity is a late entry (ALCOA)."""
_MINUTE_US = 60_000_000
_IMPORT, _SIMULATION = '{"kind":"import"', '{"kind":"simulation"'
_DAY_US = 86_400_000_000


@lru_cache(maxsize=65_536)
def micros(text: str) -> int:
    """Return the microseconds since 1970 of a moment as the ledger writes it, or an ISO one."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // _MICROSECOND


@lru_cache(maxsize=8192)
def _day(text: str) -> Day | None:
    try:
        return day(text[:10] if text[10:11] == "T" else text)
    except Refused:
        return None


def month_of(at_us: int) -> str:
    """Return `YYYY-MM` of a time in microseconds, UTC."""
    return _month_of_day(at_us // _DAY_US)


@lru_cache(maxsize=8192)
def _month_of_day(day: int) -> str:
    at = EPOCH + timedelta(days=day)
    return f"{at.year:04d}-{at.month:02d}"


class Happening:
    """One event, and a look at the rows of other facts as they are after it."""

    __slots__ = ("_before", "_look", "_noted", "_us", "event", "payload", "seq", "site", "type")

    def __init__(
        self,
        event: Recorded,
        look: Callable[[str, tuple[Any, ...]], Mapping[str, Any] | None],
        site: str = "",
    ) -> None:
        self.event = event
        self.type = event.type
        self.seq = event.seq
        # Not `event.payload`: this reads it three times as fast, and nobody else asks for it.
        self.payload: dict[str, Json] = orjson.loads(event.payload_text)
        self.site = site
        self._look = look
        self._before: dict[tuple[str, tuple[Any, ...]], Mapping[str, Any] | None] = {}
        self._us: int | None = None
        self._noted: int | None = None

    @property
    def us(self) -> int:
        """When it is said to have happened."""
        if self._us is None:
            self._us = micros(self.event.occurred_text)
        return self._us

    @property
    def noted_us(self) -> int:
        """When it was written down."""
        if self._noted is None:
            event = self.event
            if self.imported:
                self._noted = (event.noted_at - EPOCH) // _MICROSECOND
            else:
                self._noted = micros(event.recorded_text)
        return self._noted

    @property
    def late_minutes(self) -> float:
        """How long after the activity it was written down; 0.0 where it was at once."""
        return max(0.0, (self.noted_us - self.us) / _MINUTE_US)

    @property
    def late(self) -> bool:
        """Whether that is late."""
        return self.late_minutes > LATE_MINUTES

    def get(self, name: str) -> Any:
        """Return a field of the payload; None where it is missing or an empty text."""
        value = self.payload.get(name)
        return None if value == "" else value

    def day(self, name: str) -> Day | None:
        """Return a field that is a day of the calendar; None where it is missing or is none.

        An import of before took days as they stood in the source: an instant, of which the day
        (UTC) counts; a month, or a day that there never was, by which no figure must end.
        """
        text = self.get(name)
        return None if text is None else _day(text)

    def row(self, fact: str, *key: object) -> Mapping[str, Any] | None:
        """Return the row of another fact, which was folded before, or None."""
        return None if None in key else self._look(fact, key)

    def remember(self, fact: str, key: tuple[Any, ...], before: Mapping[str, Any] | None) -> None:
        """Keep what a row was before this event."""
        self._before.setdefault((fact, key), before)

    def change(
        self, fact: str, *key: object
    ) -> tuple[Mapping[str, Any] | None, Mapping[str, Any]] | None:
        """Return a row before and after this event; None where it changed none of this key."""
        if (fact, key) not in self._before:
            return None
        after = self.row(fact, *key)
        return None if after is None else (self._before[fact, key], after)

    @property
    def imported(self) -> bool:
        """Whether another system tells it."""
        return self.event.origin_text.startswith(_IMPORT)

    @property
    def person(self) -> str | None:
        """Who did it, by id; None where a source does not say."""
        event = self.event
        return (event.doer.id if self.imported else event.actor.id) or None

    @property
    def role(self) -> str | None:
        """The role (or team) in which it was done."""
        event = self.event
        return (event.doer.role if self.imported else event.actor.role) or None

    def origin(self) -> tuple[str, str]:
        """Return site and kind of origin."""
        if self.imported:
            return _site(self.event.origin_text) or self.site, "import"
        simulated = self.event.origin_text.startswith(_SIMULATION)
        return self.site, "simulation" if simulated else "native"


def _site(origin_text: str) -> str:
    ref = orjson.loads(origin_text)["ref"] or {}
    return str(ref.get("site") or "")
