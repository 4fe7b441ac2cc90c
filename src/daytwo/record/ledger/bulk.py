"""Bulk append: many commands in large transactions, by the same append, chain and projections."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.utils import DataError, IntegrityError

from daytwo.kernel.errors import DaytwoError, Refused
from daytwo.record.ledger.append import Intent, Pending, append_all, lock_streams
from daytwo.record.ledger.errors import CommandReused
from daytwo.record.ledger.projections import project
from daytwo.record.ledger.sql import fetch_all, together
from daytwo.record.ledger.writer import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

CHUNK = 500
"""Commands a transaction: quick to write, short enough for others to wait."""
_OF_ONE_ITEM = (IntegrityError, DataError, DaytwoError, ValueError)
"""What one item can be at fault for: it contradicts a row, or holds what cannot be written."""


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


def transact_bulk(items: Iterable[BulkItem], *, chunk: int = CHUNK) -> Iterator[BulkOutcome]:
    """Append many commands, a transaction a chunk.

    Args:
        items: In the order in which they are to stand.
        chunk: Items a transaction.

    Yields:
        An outcome an item, in order, only after its transaction is on the disk; a refused item
        leaves nothing and does not hinder its neighbours.
    """
    source = iter(items)
    while group := list(islice(source, chunk)):
        try:
            yield from write(partial(_calmly, _append_group, group))
        except _OF_ONE_ITEM:
            # One of them cannot stand: each in a savepoint of its own, to find it.
            yield from write(partial(_calmly, _append_each, group))


def _calmly(
    append: Callable[[Sequence[BulkItem]], list[BulkOutcome]], group: Sequence[BulkItem]
) -> list[BulkOutcome]:
    """Append a group without a search for garbage in between: it makes much, and no cycles."""
    if not gc.isenabled():
        return append(group)
    gc.disable()
    try:
        return append(group)
    finally:
        gc.enable()


def _append_group(group: Sequence[BulkItem]) -> list[BulkOutcome]:
    lock_streams(f"command/{item.intent.command_id}" for item in group)
    known = known_commands([item.intent.command_id for item in group])
    new: list[BulkItem] = []
    outcomes: list[BulkOutcome] = []
    for item in group:
        intent = item.intent
        stands = known.get(intent.command_id)
        if stands is None:
            known[intent.command_id] = (intent.command_name, intent.digest)
            new.append(item)
            outcomes.append(BulkOutcome(intent, "made", len(item.pendings)))
        elif stands == (intent.command_name, intent.digest):
            outcomes.append(BulkOutcome(intent, "already", 0))
        else:
            error = CommandReused(intent.command_id)
            outcomes.append(BulkOutcome(intent, "refused", 0, error))
    with together():
        for events in append_all([(item.intent, item.pendings) for item in new]):
            project(events)
    return outcomes


def _append_each(group: Sequence[BulkItem]) -> list[BulkOutcome]:
    outcomes: list[BulkOutcome] = []
    for item in group:
        try:
            with transaction.atomic():
                outcomes += _append_group([item])
        except _OF_ONE_ITEM as error:
            detail = "It contradicts what stands, or cannot be written; it was left out."
            refused = Refused("ledger.conflict", detail, {"why": str(error)})
            outcomes.append(BulkOutcome(item.intent, "refused", 0, refused))
    return outcomes


def known_commands(command_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return (name, digest) of the commands that were performed before, by their ids."""
    if not command_ids:
        return {}
    marks = ", ".join(["%s"] * len(command_ids))
    query = (
        "SELECT command_id, command_name, command_digest FROM ledger_event"  # noqa: S608
        f" WHERE command_position = 0 AND command_id IN ({marks})"
    )
    return {row[0]: (row[1], row[2]) for row in fetch_all(query, command_ids)}
