"""Import records into the ledger: the one place where connectors meet the door of the record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from daytwo.doors.connectors.reconcile import CHANGED, Outcome
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.bulk import CHUNK, BulkItem, known_commands, transact_bulk
from daytwo.record.ledger.envelope import Origin
from daytwo.record.ledger.reading import first_origins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from daytwo.doors.connectors.records import ImportRecord
    from daytwo.record.ledger.bulk import BulkOutcome
    from daytwo.record.ledger.envelope import Actor

TAKEN = "the number is in use already, by a record that did not come from this system"

HERE = "daytwo"
"""What a mapping calls this system, where its files speak of batches executed here."""

_MOST_KNOWN = 50_000
"""Streams remembered as the system's own; then they are looked up again."""


def ledger_writer(
    actor: Actor, mapping: str, joins: frozenset[str] = frozenset()
) -> Callable[[Sequence[ImportRecord]], Iterator[Outcome]]:
    """Return a writer for `reconcile`.

    Args:
        actor: Who imports.
        mapping: Mapping and version, such as `tablets v1`: kept with every event.
        joins: Other systems of whose objects the files may speak.
    """
    ours: set[str] = set()

    def item(record: ImportRecord) -> BulkItem:
        source = record.source
        ref = {
            "file": source.file,
            "row": source.row,
            "field": source.field,
            "mapping": mapping,
            "site": source.site,
        }
        reason = record.about.get("reason")
        ref |= {name: text for name, text in record.about.items() if name != "reason"}
        return BulkItem(
            intent=Intent(
                command_id=record.command_id,
                command_name=f"import.{record.kind}",
                digest=record.digest,
                actor=actor,
                origin=Origin("import", source.system, ref),
            ),
            pendings=tuple(
                Pending(record.stream, event, record.occurred_at, reason) for event in record.events
            ),
        )

    def write(records: Sequence[ImportRecord]) -> Iterator[Outcome]:
        taken = _taken(records, ours, joins)
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
    """Return the stream of the batch, lot or other object that a record speaks of."""
    return record.stream.removeprefix("laboratory/")


def _taken(records: Sequence[ImportRecord], ours: set[str], joins: frozenset[str]) -> set[str]:
    """Return the objects whose number people here, or a system not joined, used first.

    Args:
        records: What is about to be written.
        ours: Objects found to be free for these files before: their first event never changes.
        joins: The other systems of whose objects the files may speak.
    """
    # A laboratory's stream is its own: it may report on batches that were executed here.
    reports = {_subject(r) for r in records if r.stream.startswith("laboratory/")}
    systems = {_subject(r): r.source.system for r in records if _subject(r) not in ours}
    firsts = first_origins(sorted(systems))
    taken: set[str] = set()
    for subject, text in firsts.items():
        origin = json.loads(text)
        theirs = origin["source"] if origin["kind"] == "import" else HERE
        shared = subject.startswith("system/")
        free = theirs in joins | {systems[subject]} and (theirs != HERE or subject in reports)
        (ours if free or shared else taken).add(subject)
    if len(ours) > _MOST_KNOWN:
        ours.clear()
    return taken


def dry_writer(records: Sequence[ImportRecord]) -> Iterator[Outcome]:
    """Write nothing, and say of each record that it would be made."""
    return (Outcome(record.command_id, "made") for record in records)


def looking_writer(
    joins: frozenset[str] = frozenset(),
) -> Callable[[Sequence[ImportRecord]], Iterator[Outcome]]:
    """Return a writer that writes nothing, and says of each record what would become of it now.

    Args:
        joins: Other systems of whose objects the files may speak.
    """
    ours: set[str] = set()

    def look(records: Sequence[ImportRecord]) -> Iterator[Outcome]:
        taken = _taken(records, ours, joins)
        known: dict[str, tuple[str, str]] = {}
        for at in range(0, len(records), CHUNK):
            known |= known_commands([record.command_id for record in records[at : at + CHUNK]])
        for record in records:
            stands = known.get(record.command_id)
            if _subject(record) in taken:
                yield Outcome(record.command_id, "refused", TAKEN)
            elif stands is None:
                yield Outcome(record.command_id, "made")
            elif stands == (f"import.{record.kind}", record.digest):
                yield Outcome(record.command_id, "already")
            else:
                yield Outcome(record.command_id, "refused", CHANGED)

    return look
