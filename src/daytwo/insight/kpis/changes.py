"""Readings of changes to master batch records: the legs of each, and what is open with its age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.definitions.k26 import LEGS
from daytwo.insight.kpis.subjects import DAY_US

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.kpis.cohort import Period
    from daytwo.insight.kpis.subjects import Facts

DIMENSIONS = ("site", "product_code")
"""By what changes can be narrowed; a master batch record has no line."""

_MILESTONES = (
    "requested",
    "drafted",
    "submitted",
    "approved",
    "validated",
    "trained",
    "effective",
    "first_used",
)
_COLUMNS = (
    "mbr_id",
    "version",
    "product_code",
    "change_id",
    "returned",
    "rounds",
    "superseded_us",
    "retired_us",
    *(f"{name}_us" for name in _MILESTONES),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One requested version of a master batch record.

    Attributes:
        mbr_id: The record.
        version: The version that the change makes.
        product_code: None when unknown.
        change_id: The change request; None when unknown.
        rounds: Review rounds so far.
        returned: How often it was returned to its author.
        legs: Days of each leg that is over, by the KPI's id, in their order.
        requested_us: When it was asked for.
        done_us: When it was effective and first used; None while it is not.
        ended_us: When it was replaced before it was used; None when it was not.
        days: From the request to the first use, or so far.
        waits: The leg that it is in; empty when it is done or was replaced.
        waits_days: How long it is in it.
    """

    mbr_id: str
    version: int
    product_code: str | None
    change_id: str | None
    rounds: int
    returned: int
    legs: tuple[tuple[str, float], ...]
    requested_us: int
    done_us: int | None
    ended_us: int | None
    days: float
    waits: str
    waits_days: float

    @property
    def subject(self) -> str:
        """What K26 and its legs call it."""
        return f"{self.mbr_id} v{self.version}"

    @property
    def open(self) -> bool:
        """Whether somebody still waits for it."""
        return self.done_us is None and self.ended_us is None


def changes(facts: Facts, where: Mapping[str, str]) -> list[Change]:
    """Return every requested change, in the order of the requests.

    Args:
        facts: The facts.
        where: Only these values of `DIMENSIONS`.
    """
    m = facts.table("mbr_change")
    for name, value in where.items():
        m = m.filter(m[name] == value)
    m = m.filter(m.requested_us.notnull()).select(*_COLUMNS)
    rows = facts.engine.rows(m.order_by("requested_us", "mbr_id", "version"))
    return [_change(row, facts.now_us) for row in rows]


def finished(every: Iterable[Change], period: Period) -> list[Change]:
    """Return the changes first used in a period, the slowest first: those that K26 counts."""
    done = [
        c
        for c in every
        if c.done_us is not None
        and (period.since_us is None or c.done_us >= period.since_us)
        and (period.until_us is None or c.done_us < period.until_us)
    ]
    return sorted(done, key=lambda c: (-c.days, c.subject))


def still_open(every: Iterable[Change]) -> list[Change]:
    """Return the changes that somebody waits for, the oldest first."""
    return sorted((c for c in every if c.open), key=lambda c: (-c.days, c.subject))


def _change(row: Mapping[str, Any], now_us: int) -> Change:
    effective, used = row["effective_us"], row["first_used_us"]
    done = None if effective is None or used is None else max(effective, used)
    ended = None
    if done is None:
        ended = row["superseded_us"] if row["superseded_us"] is not None else row["retired_us"]
    stop = next((at for at in (done, ended) if at is not None), now_us)
    legs, waits, since = [], "", row["requested_us"]
    for leg, (start, end, _) in LEGS.items():
        begun, over = row[f"{start}_us"], row[f"{end}_us"]
        if begun is not None and over is not None:
            legs.append((leg, (over - begun) / DAY_US))
        if over is None and begun is not None and not waits:
            waits, since = leg, begun
    is_open = done is None and ended is None
    return Change(
        mbr_id=row["mbr_id"],
        version=row["version"],
        product_code=row["product_code"],
        change_id=row["change_id"],
        rounds=row["rounds"],
        returned=row["returned"],
        legs=tuple(legs),
        requested_us=row["requested_us"],
        done_us=done,
        ended_us=ended,
        days=(stop - row["requested_us"]) / DAY_US,
        waits=waits if is_open else "",
        waits_days=(now_us - since) / DAY_US if is_open else 0.0,
    )
