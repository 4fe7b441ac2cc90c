"""The door: every write to the record goes through here, in one durable transaction."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from django.db.utils import IntegrityError

from daytwo.record.ledger.append import Intent, Pending, append, lock_and_find, prior
from daytwo.record.ledger.errors import CommandReused
from daytwo.record.ledger.projections import project
from daytwo.record.ledger.sql import foreseen, together
from daytwo.record.ledger.watching import tell
from daytwo.record.ledger.writer import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from daytwo.record.ledger.envelope import Recorded
    from daytwo.record.ledger.sql import Asked


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command did: its events, and whether they stood before (a repeat)."""

    events: tuple[Recorded, ...]
    replayed: bool


def transact(
    intent: Intent,
    work: Callable[[], Sequence[Pending]],
    *,
    locks: Iterable[str] = (),
    ahead: Sequence[Asked] = (),
) -> Receipt:
    """Load, decide, append and project in one transaction.

    Args:
        intent: The command's identity.
        work: Loads state, asks rules and returns the events to record; any error leaves all as
            it was.
        locks: Streams whose state `work` relies on.
        ahead: Statements that `work` will ask, sent in the trip that takes the locks.

    Raises:
        CommandReused: The command id came before with another content.
        DaytwoError: What `work` refused.
    """
    held = tuple(locks)

    def once() -> Receipt:
        return _perform(intent, work, held, ahead)

    begun = perf_counter()
    try:
        receipt = write(once)
    except IntegrityError:
        # Two senders of one command id met on PostgreSQL: the second now finds the first's events.
        receipt = write(once)
    if not receipt.replayed:
        tell(receipt.events, perf_counter() - begun)
    return receipt


def repeated(intent: Intent) -> Receipt | None:
    """Return what this command did when it came before; None when it is new.

    Raises:
        CommandReused: Its id came before with another content.
    """
    return _same(intent, prior(intent.command_id))


def _same(intent: Intent, before: Sequence[Recorded]) -> Receipt | None:
    if not before:
        return None
    first = before[0]
    if (first.command_name, first.command_digest) != (intent.command_name, intent.digest):
        raise CommandReused(intent.command_id)
    return Receipt(tuple(before), replayed=True)


def _perform(
    intent: Intent,
    work: Callable[[], Sequence[Pending]],
    locks: tuple[str, ...],
    ahead: Sequence[Asked],
) -> Receipt:
    before, answers = lock_and_find(intent.command_id, locks, ahead)
    if (same := _same(intent, before)) is not None:
        return same
    with foreseen(ahead, answers):
        pendings = work()
    with together():
        events = append(intent, pendings, locked=locks)
        project(events)
    return Receipt(tuple(events), replayed=False)
