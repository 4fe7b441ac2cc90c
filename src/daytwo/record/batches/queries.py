"""Readings of batches: their state, steps, entries, discrepancies, genealogy, what is signed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Count, Model

from daytwo.kernel.canonical import digest
from daytwo.kernel.errors import Unknown
from daytwo.kernel.quantity import Quantity
from daytwo.record.access.enums import Meaning
from daytwo.record.batches.enums import BatchState, ContentForm, RecordState, StepState
from daytwo.record.batches.models import (
    Batch,
    BatchStep,
    BatchValue,
    Comment,
    Discrepancy,
    EquipmentUse,
    MaterialUse,
    StepEntry,
)
from daytwo.record.batches.rules.entries import Known, evaluate
from daytwo.record.ledger.sql import fetch_all, fetch_each
from daytwo.record.recipes.calculation import known_values
from daytwo.record.recipes.document import LineClearance
from daytwo.record.recipes.enums import StepKind
from daytwo.record.recipes.queries import document, placed_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from daytwo.record.ledger.sql import Asked
    from daytwo.record.recipes.document import MasterBatchRecord, Step

_HANDS_ON = frozenset(
    {
        "",  # an act that the master asks no signature for
        Meaning.PERFORMED,
        Meaning.VERIFIED,
        Meaning.CORRECTED,
        Meaning.ANSWERED,
        Meaning.PRODUCTION_REVIEWED,
    }
)
"""What those do who make a batch and its record, as against those who judge it."""
RowT = TypeVar("RowT", bound=Model)


def _select(model: type[Model]) -> str:
    names = ", ".join(field.attname for field in model._meta.concrete_fields)  # noqa: SLF001
    return f'SELECT {names} FROM "{model._meta.db_table}" WHERE id = %s'  # noqa: S608, SLF001


_BATCH, _STEP = _select(Batch), _select(BatchStep)


_STATES = "SELECT step_id, state FROM batches_step WHERE batch_id = %s ORDER BY position"
_UNANSWERED = (
    "SELECT id, blocking FROM batches_discrepancy"
    " WHERE batch_id = %s AND answered_at IS NULL ORDER BY number"
)


def _made(model: type[RowT], values: Sequence[Any]) -> RowT:
    names = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001
    return model.from_db("default", names, values)


def batch(batch_id: str) -> Batch:
    """Return one batch; `Unknown` when there is none of this number."""
    return _batch_of(fetch_all(_BATCH, (batch_id,)), batch_id)


def _batch_of(rows: Sequence[Sequence[Any]], batch_id: str) -> Batch:
    if not rows:
        raise Unknown("batch.unknown", f"There is no batch {batch_id}.", {"batch": batch_id})
    return _made(Batch, rows[0])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands in its batch: all that its turn depends on, read at one time.

    Attributes:
        batch: The batch.
        row: The step's row; None when the batch has no such step.
        blocking: Ids of discrepancies that let no further step be done.
        states: The state of each step, in order.
    """

    batch: Batch
    row: BatchStep | None
    blocking: tuple[str, ...]
    states: dict[str, str]


def place_asked(batch_id: str, step_id: str) -> tuple[Asked, ...]:
    """Return what `place` asks."""
    return (
        (_BATCH, (batch_id,)),
        (_STEP, (f"{batch_id}/{step_id}",)),
        (_UNANSWERED, (batch_id,)),
        (_STATES, (batch_id,)),
    )


def place(batch_id: str, step_id: str) -> Place:
    """Return where a step stands, asked of the database at one go.

    Raises:
        Unknown: There is no batch of this number.
    """
    batches_, steps_, open_, states = fetch_each(*place_asked(batch_id, step_id))
    row = _made(BatchStep, steps_[0]) if steps_ else None
    blocking = tuple(id_ for id_, blocks in open_ if blocks)
    return Place(_batch_of(batches_, batch_id), row, blocking, dict(states))


def batches(
    *, product_code: str = "", state: str = "", origin: str = "", limit: int = 200, offset: int = 0
) -> list[Batch]:
    """Return batches, the latest planned first, narrowed by product, state or origin."""
    rows = Batch.objects.order_by("-planned_at", "-id")
    for name, value in (("product_code", product_code), ("state", state), ("origin", origin)):
        if value:
            rows = rows.filter(**{name: value})
    return list(rows[offset : offset + limit])


def number_of_batches(*, product_code: str = "") -> int:
    """Return how many batches there are, of a product or of all."""
    rows = Batch.objects.filter(product_code=product_code) if product_code else Batch.objects
    return rows.count()


def every_batch() -> Iterator[Batch]:
    """Yield every batch by its number, in bounded memory."""
    yield from Batch.objects.order_by("id").iterator(chunk_size=500)


def live_batches() -> list[Batch]:
    """Return the batches on the floor: ready, running or held."""
    states = (BatchState.READY, BatchState.RUNNING, BatchState.HELD)
    return list(Batch.objects.filter(state__in=states).order_by("planned_at", "id"))


def batches_in_record_state(*states: RecordState) -> list[Batch]:
    """Return natively executed batches whose record stands in one of the states."""
    rows = Batch.objects.filter(record_state__in=states).exclude(state=BatchState.IMPORTED)
    return list(rows.order_by("promised_on", "ended_at", "id"))


def steps(batch_id: str) -> list[BatchStep]:
    """Return a batch's steps in order."""
    return list(BatchStep.objects.filter(batch_id=batch_id).order_by("position"))


def step(batch_id: str, step_id: str) -> BatchStep:
    """Return one step; `Unknown` when the batch has none of this id."""
    rows = fetch_all(_STEP, (f"{batch_id}/{step_id}",))
    if not rows:
        raise Unknown("step.unknown", f"{batch_id} has no step {step_id}.")
    return _made(BatchStep, rows[0])


def step_states(batch_id: str) -> dict[str, str]:
    """Return the state of each step, in order."""
    return dict(fetch_all(_STATES, (batch_id,)))


def current_step(batch_id: str) -> BatchStep | None:
    """Return the step that wants a hand now: offered, claimed, or waiting to be verified."""
    wanted = (StepState.OFFERED, StepState.CLAIMED, StepState.DONE)
    rows = BatchStep.objects.filter(batch_id=batch_id, state__in=wanted)
    return rows.order_by("position").first()


def entries(batch_id: str) -> list[StepEntry]:
    """Return every entry and correction ever made, oldest first."""
    return list(StepEntry.objects.filter(batch_id=batch_id).order_by("event_seq"))


def discrepancies(batch_id: str) -> list[Discrepancy]:
    """Return a batch's discrepancies in the order in which they were raised."""
    return list(Discrepancy.objects.filter(batch_id=batch_id).order_by("number"))


def discrepancies_of(batch_ids: Sequence[str]) -> list[Discrepancy]:
    """Return the discrepancies of several batches, each batch's as they were raised."""
    return list(Discrepancy.objects.filter(batch_id__in=batch_ids).order_by("batch_id", "number"))


def open_discrepancies() -> list[Discrepancy]:
    """Return the discrepancies that wait for an answer, blocking ones first."""
    rows = Discrepancy.objects.filter(answered_at=None)
    return list(rows.order_by("-blocking", "raised_at"))


def comments(batch_id: str) -> list[Comment]:
    """Return a batch's comments, oldest first."""
    return list(Comment.objects.filter(batch_id=batch_id).order_by("event_seq"))


def comment_counts(batch_ids: Sequence[str]) -> dict[str, int]:
    """Return the number of comments of each batch that has any."""
    rows = Comment.objects.filter(batch_id__in=batch_ids).values_list("batch_id")
    return dict(rows.annotate(Count("event_seq")))


def materials(batch_id: str) -> list[MaterialUse]:
    """Return the lots that went into a batch."""
    return list(MaterialUse.objects.filter(batch_id=batch_id).order_by("event_seq"))


def batches_with_lot(lot_id: str) -> list[str]:
    """Return the ids of the batches that a lot went into."""
    rows = MaterialUse.objects.filter(lot_id=lot_id).values_list("batch_id", flat=True)
    return sorted(set(rows))


def equipment(batch_id: str) -> list[EquipmentUse]:
    """Return the equipment that a batch was made on."""
    return list(EquipmentUse.objects.filter(batch_id=batch_id).order_by("event_seq"))


def logbook(equipment_id: str) -> list[EquipmentUse]:
    """Return the uses of a piece of equipment, oldest first (21 CFR 211.182)."""
    return list(EquipmentUse.objects.filter(equipment_id=equipment_id).order_by("event_seq"))


def values(batch_id: str) -> list[BatchValue]:
    """Return a batch's yields and process values."""
    return list(BatchValue.objects.filter(batch_id=batch_id).order_by("event_seq"))


def master(row: Batch) -> MasterBatchRecord:
    """Return the frozen master of a batch (21 CFR 211.188(a))."""
    return document(row.mbr_id, row.mbr_version, row.mbr_hash)


def master_step(row: Batch, step_id: str) -> Step:
    """Return a step as the frozen master has it."""
    placed = placed_steps(row.mbr_id, row.mbr_version, row.mbr_hash).get(step_id)
    if placed is None:
        raise Unknown("step.unknown", f"{row.id} has no step {step_id}.")
    return placed.step


def known(row: Batch) -> Known:
    """Return what earlier steps gave: quantities by name and by step, equipment assigned."""
    by_step: dict[str, Quantity] = {}
    query = "SELECT step_id, result FROM batches_step WHERE batch_id = %s AND result <> '{}'"
    for step_id, text in fetch_all(query, (row.id,)):
        result = json.loads(text)
        main = result.get("percent") or result.get("net") or result.get("value")
        if main:
            by_step[step_id] = Quantity.parse(main)
    of = master(row)
    named = {
        name: by_step[placed.step.id]
        for placed in of.steps()
        if (name := getattr(placed.step, "name", None)) and placed.step.id in by_step
    }
    query = "SELECT equipment_id, equipment_class FROM batches_equipment_use WHERE batch_id = %s"
    used: dict[str, str] = dict(fetch_all(query, (row.id,)))
    return Known(row.id, {**known_values(of), **named}, by_step, used)


def stale_results(row: Batch) -> list[str]:
    """Return the steps whose result does not follow from what stands in the record now."""
    by_id = placed_steps(row.mbr_id, row.mbr_version, row.mbr_hash)
    yields = [s for s in steps(row.id) if s.kind == StepKind.YIELD and s.performer_id]
    values = known(row) if yields else None
    return [
        s.step_id
        for s in yields
        if values
        and evaluate(by_id[s.step_id].step, json.loads(s.entry), values).result
        != json.loads(s.result)
    ]


def step_content(
    row: Batch,
    of: Step,
    entry: dict[str, str],
    result: dict[str, str],
    performer_id: str,
    corrections: int,
) -> dict[str, Any]:
    """Return exactly what the signatures on a step sign, and what the signer is shown.

    The number of corrections is part of it: a signature on the first entry does not come to life
    again when a second correction puts the first value back.
    """
    return {
        "batch": row.id,
        "product": row.product_name,
        "master": f"{row.mbr_id} version {row.mbr_version}",
        "master_sha256": row.mbr_hash,
        "step": of.id,
        "title": of.title,
        "instruction": of.instruction,
        "entry": _worded(of, entry) if row.content_form >= ContentForm.WORDED else entry,
        "result": result,
        "performer": performer_id,
        "corrections": corrections,
    }


def _worded(of: Step, entry: dict[str, str]) -> dict[str, Any]:
    """Return an entry with what each tick of a line clearance stands for, in the master's words."""
    words = words_of_items(of)
    if not words:
        return entry
    return {name: {"item": words[name], "answer": answer} for name, answer in entry.items()}


def words_of_items(of: Step) -> dict[str, str]:
    """Return what each tick of a line clearance stands for; nothing for a step of another kind."""
    if not isinstance(of, LineClearance):
        return {}
    return {f"item-{number}": item for number, item in enumerate(of.items, start=1)}


def discrepancy_content(row: Discrepancy, answer: str) -> dict[str, Any]:
    """Return what the answer to a discrepancy signs."""
    return {
        "batch": row.batch_id,
        "discrepancy": row.id,
        "step": row.step_id,
        "description": row.description,
        "answer": answer,
    }


def record_content(row: Batch) -> dict[str, Any]:
    """Return what completing and reviewing a record sign: every step and every answer.

    The submission is counted: what was signed before a return is void after it.
    """
    subjects = step_digests(row) | discrepancy_digests(row.id)
    return {
        "batch": row.id,
        "product": row.product_name,
        "master": f"{row.mbr_id} version {row.mbr_version}",
        "submission": row.returns + 1,
        "steps": sum(subject.startswith("step/") for subject in subjects),
        "discrepancies": sum(subject.startswith("discrepancy/") for subject in subjects),
        "comments": len(comments(row.id)),
        "content_sha256": digest(subjects),
    }


def step_digests(row: Batch) -> dict[str, str]:
    """Return the SHA-256 of each done step's present content, by subject."""
    by_id = placed_steps(row.mbr_id, row.mbr_version, row.mbr_hash)
    return {
        f"step/{s.step_id}": digest(
            step_content(
                row,
                by_id[s.step_id].step,
                json.loads(s.entry),
                json.loads(s.result),
                str(s.performer_id),
                s.corrections,
            )
        )
        for s in steps(row.id)
        if s.performer_id
    }


def discrepancy_digests(batch_id: str) -> dict[str, str]:
    """Return the SHA-256 of each answered discrepancy's present content, by subject."""
    return {
        f"discrepancy/{d.number}": digest(discrepancy_content(d, d.answer))
        for d in discrepancies(batch_id)
        if d.answered_at
    }


def content_digests(row: Batch) -> dict[str, str]:
    """Return the SHA-256 of everything in a batch that a signature here can be on."""
    if row.state == BatchState.IMPORTED:
        return {}
    parts = step_digests(row) | discrepancy_digests(row.id)
    return parts | {"record": digest(record_content(row))}


def open_steps(states: dict[str, str]) -> list[str]:
    """Return the ids of steps that are not done or not verified."""
    return [step_id for step_id, state in states.items() if state != StepState.VERIFIED]


def open_step_counts(batch_ids: Sequence[str]) -> dict[str, int]:
    """Return the number of steps not done or not verified of each batch that has any."""
    rows = BatchStep.objects.filter(batch_id__in=batch_ids).exclude(state=StepState.VERIFIED)
    return dict(rows.values_list("batch_id").annotate(Count("id")))


def doers(batch_id: str) -> set[str]:
    """Return the ids of all who had a hand in a batch: entered, did, checked, answered, signed.

    From the entries and signatures, that stay: a correction clears the verifier from a step's row.
    """
    rows = fetch_all(
        "SELECT performer_id, '' FROM batches_step WHERE batch_id = %s"
        " UNION SELECT person_id, '' FROM batches_entry WHERE batch_id = %s"
        " UNION SELECT signer_id, meaning FROM access_signature WHERE record = %s",
        (batch_id, batch_id, f"batch/{batch_id}"),
    )
    return {person for person, meaning in rows if person and meaning in _HANDS_ON}


def unanswered(batch_id: str, *, blocking_only: bool = False) -> list[str]:
    """Return the ids of discrepancies that wait for an answer."""
    found = fetch_all(_UNANSWERED, (batch_id,))
    return [id_ for id_, blocking in found if blocking or not blocking_only]


def next_discrepancy_number(batch_id: str) -> int:
    """Return the number that the batch's next discrepancy gets, from 1."""
    query = "SELECT COALESCE(MAX(number), 0) + 1 FROM batches_discrepancy WHERE batch_id = %s"
    return int(fetch_all(query, (batch_id,))[0][0])


def product_codes() -> list[tuple[str, str]]:
    """Return (code, name) of every product that has a batch."""
    rows: Iterable[tuple[str, str]] = Batch.objects.values_list("product_code", "product_name")
    return sorted(dict(rows).items())
