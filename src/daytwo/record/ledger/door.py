"""The door: every write to the record goes through here, in one durable transaction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.utils import IntegrityError

from daytwo.kernel.errors import Refused
from daytwo.record.ledger.append import Intent, Pending, append, lock_streams, prior
from daytwo.record.ledger.errors import CommandReused
from daytwo.record.ledger.projections import project
from daytwo.record.ledger.writer import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from daytwo.kernel.errors import DaytwoError
    from daytwo.record.ledger.envelope import Recorded

BULK_CHUNK = 500
"""Commands per transaction of a bulk append: quick to write, short enough for others to wait."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command did: its events, and whether they stood before (a repeat)."""

    events: tuple[Recorded, ...]
    replayed: bool


def transact(
    intent: Intent, work: Callable[[], Sequence[Pending]], *, locks: Iterable[str] = ()
) -> Receipt:
    """Load, decide, append and project in one transaction.

    Args:
        intent: The command's identity.
        work: Loads state, asks rules and returns the events to record; any error leaves all as
            it was.
        locks: Streams whose state `work` relies on.

    Raises:
        CommandReused: The command id came before with another content.
        DaytwoError: What `work` refused.
    """
    held = tuple(locks)

    def once() -> Receipt:
        return _perform(intent, work, held)

    try:
        return write(once)
    except IntegrityError:
        # Two senders of one command id met on PostgreSQL: the second now finds the first's events.
        return write(once)


@dataclass(frozen=True, slots=True)
class BulkItem:
    """One import command with its events, decided before the door is asked."""

    intent: Intent
    pendings: tuple[Pending, ...]


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What became of one bulk item: `made`, `already` or `refused` with the error."""

    intent: Intent
    status: str
    events: int
    error: DaytwoError | None = None


def transact_bulk(items: Iterable[BulkItem], *, chunk: int = BULK_CHUNK) -> Iterator[BulkOutcome]:
    """Append many commands in large transactions: same append, same chain, same projections.

    Yields:
        An outcome an item, only after its transaction is on the disk; a refused item leaves
        nothing and does not hinder its neighbours.
    """
    source = iter(items)
    while group := list(islice(source, chunk)):
        try:
            yield from write(partial(_bulk, group))
        except IntegrityError:
            # One of them contradicts what stands: each in a savepoint of its own, to find it.
            yield from write(partial(_bulk_carefully, group))


def _bulk(group: Sequence[BulkItem]) -> list[BulkOutcome]:
    return [_bulk_one(item) for item in group]


def _bulk_carefully(group: Sequence[BulkItem]) -> list[BulkOutcome]:
    outcomes = []
    for item in group:
        try:
            with transaction.atomic():
                outcomes.append(_bulk_one(item))
        except IntegrityError as error:
            why = Refused(
                "ledger.conflict", "It contradicts a row that stands.", {"why": str(error)}
            )
            outcomes.append(BulkOutcome(item.intent, "refused", 0, why))
    return outcomes


def _bulk_one(item: BulkItem) -> BulkOutcome:
    try:
        receipt = _perform(item.intent, lambda: item.pendings, ())
    except CommandReused as error:
        return BulkOutcome(item.intent, "refused", 0, error)
    status = "already" if receipt.replayed else "made"
    return BulkOutcome(item.intent, status, len(receipt.events))


def _perform(
    intent: Intent, work: Callable[[], Sequence[Pending]], locks: tuple[str, ...]
) -> Receipt:
    # Two senders of one command id: the second waits here and then hears what the first did.
    lock_streams((f"command/{intent.command_id}",))
    before = prior(intent.command_id)
    if before:
        same = (before[0].command_name, before[0].command_digest) == (
            intent.command_name,
            intent.digest,
        )
        if not same:
            raise CommandReused(intent.command_id)
        return Receipt(tuple(before), replayed=True)
    lock_streams(locks)
    events = append(intent, work(), locked=locks)
    project(events)
    return Receipt(tuple(events), replayed=False)
