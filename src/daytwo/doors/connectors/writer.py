"""Import records into the ledger: the one place where connectors meet the door of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.connectors.reconcile import CHANGED, Outcome
from daytwo.record.ledger.append import Intent, Pending, heads
from daytwo.record.ledger.bulk import BulkItem, transact_bulk
from daytwo.record.ledger.envelope import Origin
from daytwo.record.ledger.reading import stream_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from daytwo.doors.connectors.records import ImportRecord
    from daytwo.record.ledger.bulk import BulkOutcome
    from daytwo.record.ledger.envelope import Actor

TAKEN = "the number is in use already, by a record that did not come from this system"

_MOST_KNOWN = 50_000
"""Streams remembered as the system's own; then they are looked up again."""


def ledger_writer(
    actor: Actor, mapping: str
) -> Callable[[Sequence[ImportRecord]], Iterator[Outcome]]:
    """Return a writer for `reconcile`.

    Args:
        actor: Who imports.
        mapping: Mapping and version, such as `tablets v1`: kept with every event.
    """
    ours: set[str] = set()

    def item(record: ImportRecord) -> BulkItem:
        source = record.source
        ref = {"file": source.file, "row": source.row, "field": source.field, "mapping": mapping}
        return BulkItem(
            intent=Intent(
                command_id=record.command_id,
                command_name=f"import.{record.kind}",
                digest=record.digest,
                actor=actor,
                origin=Origin("import", source.system, ref),
            ),
            pendings=tuple(
                Pending(record.stream, event, record.occurred_at) for event in record.events
            ),
        )

    def write(records: Sequence[ImportRecord]) -> Iterator[Outcome]:
        taken = _taken({_subject(record): record.source.system for record in records}, ours)
        outcomes = transact_bulk(item(r) for r in records if _subject(r) not in taken)
        for record in records:
            if _subject(record) in taken:
                yield Outcome(record.command_id, "refused", TAKEN)
            else:
                yield _told(next(outcomes))

    return write


def _told(outcome: BulkOutcome) -> Outcome:
    command_id = outcome.intent.command_id
    if outcome.status == "made":
        return Outcome(command_id, "made")
    if outcome.status == "already":
        return Outcome(command_id, "already")
    reused = outcome.error is None or outcome.error.code == "ledger.command_reused"
    return Outcome(command_id, "refused", CHANGED if reused else str(outcome.error))


def _subject(record: ImportRecord) -> str:
    """Return the stream of the batch or lot that a record speaks of."""
    return record.stream.removeprefix("laboratory/")


def _taken(subjects: Mapping[str, str], ours: set[str]) -> set[str]:
    """Return the batches and lots whose number people here, or another system, used first.

    Args:
        subjects: Stream of each batch or lot to the system that speaks of it now.
        ours: Streams found to be that system's own before: their first event never changes.
    """
    unknown = [subject for subject in subjects if subject not in ours]
    taken: set[str] = set()
    for subject, (version, _) in heads(unknown).items():
        if not version:
            continue
        first = stream_events(subject)[0].origin
        if (first["kind"], first["source"]) == ("import", subjects[subject]):
            ours.add(subject)
        else:
            taken.add(subject)
    if len(ours) > _MOST_KNOWN:
        ours.clear()
    return taken


def dry_writer(records: Sequence[ImportRecord]) -> Iterator[Outcome]:
    """Write nothing, and say of each record that it would be made."""
    return (Outcome(record.command_id, "made") for record in records)
