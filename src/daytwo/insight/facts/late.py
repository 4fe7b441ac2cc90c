"""Numbers that are committed late: on PostgreSQL a later number may be committed first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.record.ledger.reading import one_event
from daytwo.record.ledger.sql import fetch_all, fetch_one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from daytwo.record.ledger.envelope import Recorded

LATE_SECONDS = 60.0
"""How long a missing number is looked for at the least."""


@dataclass(slots=True)
class Late:
    """Missing numbers, each with the database's time at which it was found missing.

    A number is given up when a minute has passed and no transaction is open any more that began
    before it was found missing: then nobody is left who could commit it.
    """

    noted: dict[int, float]

    def note(self, missing: Iterable[int]) -> None:
        """Remember numbers that are not there yet."""
        missing = [seq for seq in missing if seq not in self.noted]
        if missing:
            at = _now()
            self.noted.update(dict.fromkeys(missing, at))

    def take(self, fold: Callable[[Recorded], None]) -> None:
        """Fold those that have come, and give up those that cannot come any more."""
        if not self.noted:
            return
        for seq in sorted(committed(self.noted)):
            event = one_event(seq)
            if event is not None:
                del self.noted[seq]
                fold(event)
        now, begun = _now(), _oldest_transaction()
        given_up = min(now - LATE_SECONDS, now if begun is None else begun)
        self.noted = {seq: at for seq, at in self.noted.items() if at >= given_up}


def committed(numbers: Iterable[int]) -> set[int]:
    """Return those of some numbers that are committed."""
    found: set[int] = set()
    rest = sorted(numbers)
    for at in range(0, len(rest), 500):
        some = rest[at : at + 500]
        marks = ", ".join(["%s"] * len(some))
        query = f"SELECT seq FROM ledger_event WHERE seq IN ({marks})"  # noqa: S608 - marks only
        found |= {row[0] for row in fetch_all(query, some)}
    return found


def committed_below(after: int, until: int) -> set[int]:
    """Return the numbers in (after, until] that are committed."""
    query = "SELECT seq FROM ledger_event WHERE seq > %s AND seq <= %s"
    return {row[0] for row in fetch_all(query, (after, until))}


def _now() -> float:
    row = fetch_one("SELECT extract(epoch FROM clock_timestamp())")
    return float(row[0]) if row else 0.0


def _oldest_transaction() -> float | None:
    """Return since when the oldest open transaction of others in this database is open."""
    row = fetch_one(
        "SELECT extract(epoch FROM min(xact_start)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return float(row[0]) if row and row[0] is not None else None
