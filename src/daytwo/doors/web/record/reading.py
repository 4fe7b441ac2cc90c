"""The batch record as a document: every step with its entries and signatures, and the proof."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from daytwo.doors.web.batches.reading import Whole, whole
from daytwo.doors.web.entries import fields
from daytwo.doors.web.step.reading import bar
from daytwo.record.batches import queries
from daytwo.record.ledger.checkpoint import heads_of, read_stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daytwo.record.access.queries import SignatureView
    from daytwo.record.batches.models import BatchStep, Discrepancy, StepEntry
    from daytwo.record.recipes.document import MasterBatchRecord, Step


@dataclass(frozen=True, slots=True)
class Entered:
    """One entry of a step as it stands or stood.

    Args:
        fields: What was entered and what followed, as (words, text).
        who: Printed name.
        at: When, as the record spells times.
        reason: Why it was corrected; empty for the first.
        stands: False for one that a later correction replaced; it stays legible.
    """

    fields: tuple[tuple[str, str], ...]
    who: str
    at: str
    reason: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the document; `limits` says in words what its value is judged by."""

    row: BatchStep
    of: Step
    limits: str
    entries: tuple[Entered, ...]
    signatures: tuple[SignatureView, ...]
    discrepancies: tuple[Discrepancy, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What ties the document to the ledger.

    Args:
        version: Version of the record's last event.
        sha256: Its hash: over it, the whole history hangs together.
        checkpoint: Number of the last checkpoint that holds this record; None if none does.
        made_at: When that checkpoint was signed.
        root: Its Merkle root.
        held: Version of this record that the checkpoint holds.
    """

    version: int
    sha256: str
    checkpoint: int | None
    made_at: str | None
    root: str | None
    held: int


@dataclass(frozen=True, slots=True)
class Document:
    """The whole batch record."""

    whole: Whole
    master: MasterBatchRecord
    procedures: tuple[tuple[str, tuple[Line, ...]], ...]
    record_signatures: tuple[SignatureView, ...]
    other_signatures: dict[str, tuple[SignatureView, ...]]
    proof: Proof


def document(batch_id: str) -> Document:
    """Return the batch record; `Unknown` when there is no such batch.

    References:
        21 CFR 211.188, 11.10(b), 11.50(b); EU GMP Annex 11 §8.2: shows what was changed.
    """
    found = whole(batch_id)
    by_subject: defaultdict[str, list[SignatureView]] = defaultdict(list)
    for signature in found.signatures:
        by_subject[signature.subject].append(signature)
    lines = _lines(found, by_subject)
    grouped = groupby(lines, key=lambda line: line.row.unit_procedure)
    wholes = ("record", "review", "disposition")
    return Document(
        whole=found,
        master=queries.master(found.batch),
        procedures=tuple((title, tuple(group)) for title, group in grouped),
        record_signatures=tuple(s for name in wholes for s in by_subject[name]),
        other_signatures={k: tuple(v) for k, v in by_subject.items() if "/" in k},
        proof=_proof(found),
    )


def _lines(found: Whole, signed: dict[str, list[SignatureView]]) -> list[Line]:
    masters = {p.step.id: p.step for p in queries.master(found.batch).steps()}
    entered: defaultdict[str, list[StepEntry]] = defaultdict(list)
    for entry in queries.entries(found.batch.id):
        entered[entry.step_id].append(entry)
    raised: defaultdict[str, list[Discrepancy]] = defaultdict(list)
    for item in found.discrepancies:
        raised[str(item.step_id)].append(item)
    return [
        Line(
            row=row,
            of=masters[row.step_id],
            entries=_entries(entered[row.step_id], masters[row.step_id]),
            limits=_limits(masters[row.step_id]),
            signatures=tuple(signed.get(f"step/{row.step_id}", ())),
            discrepancies=tuple(raised[row.step_id]),
        )
        for row in found.steps
    ]


def _limits(of: Step) -> str:
    found = bar(of, None)
    return found.words if found is not None else ""


def _entries(rows: Iterable[StepEntry], of: Step) -> tuple[Entered, ...]:
    kept = list(rows)
    return tuple(
        Entered(
            fields(of, json.loads(row.entry), json.loads(row.result)),
            row.person_name,
            row.at,
            row.reason,
            row is kept[-1],
        )
        for row in kept
    )


def _proof(found: Whole) -> Proof:
    stream = f"batch/{found.batch.id}"
    last = found.events[-1]
    stored = read_stored()
    held = heads_of(stored).get(stream)
    holder = next(
        (c for c in reversed(stored) if any(s == stream for s, *_ in c.body["changed"])), None
    )
    return Proof(
        version=last.version,
        sha256=last.hash,
        checkpoint=holder.number if holder else None,
        made_at=str(holder.body["made_at"]) if holder else None,
        root=str(holder.body["root"]) if holder else None,
        held=held[0] if held else 0,
    )
