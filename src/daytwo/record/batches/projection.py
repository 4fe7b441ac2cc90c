"""The only writer of batches' rows; plain SQL where a step's way through is hot.

An imported batch stays `imported`, in state and in record: what another system executed gets its
times here, and no command can take it on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.kernel.canonical import canonical
from daytwo.record.batches.enums import BatchState, RecordState, StepState
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
from daytwo.record.ledger.projections import Projection
from daytwo.record.ledger.rows import insert
from daytwo.record.ledger.sql import execute, execute_many

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

batches = Projection(
    "batches",
    (Batch, BatchStep, StepEntry, Discrepancy, MaterialUse, EquipmentUse, BatchValue, Comment),
)


@batches.on("batch.planned")
def _planned(event: Recorded) -> None:
    data = event.data
    insert(
        Batch,
        id=data.batch_id,
        order_id=data.order_id,
        product_code=data.product_code,
        product_name=data.product_name,
        strength=data.strength,
        size=str(data.size.value),
        unit=data.size.unit,
        mbr_id=data.mbr_id,
        mbr_version=data.mbr_version,
        mbr_hash=data.mbr_hash,
        state=BatchState.READY,
        record_state=RecordState.OPEN,
        origin=event.origin_kind,
        promised_on=data.promised_on,
        planned_at=event.occurred_text,
        steps_total=len(data.steps),
        content_form=data.content_form,
    )
    BatchStep.objects.bulk_create(
        BatchStep(
            id=f"{data.batch_id}/{step['id']}",
            batch_id=data.batch_id,
            step_id=step["id"],
            position=position,
            title=step["title"],
            unit_procedure=step["unit_procedure"],
            operation=step["operation"],
            phase=step["phase"],
            kind=step["kind"],
            state=StepState.PENDING,
        )
        for position, step in enumerate(data.steps, start=1)
    )


@batches.on("batch.imported")
def _imported(event: Recorded) -> None:
    data = event.data
    insert(
        Batch,
        id=data.batch_id,
        product_code=data.product_code,
        product_name=data.product_name,
        strength=data.strength,
        size=str(data.size.value) if data.size else "",
        unit=data.size.unit if data.size else "",
        order_id=data.order_id,
        mbr_id=data.mbr_id,
        mbr_version=data.mbr_version,
        line=data.line,
        source_status=data.source_status,
        promised_on=data.promised_on,
        state=BatchState.IMPORTED,
        record_state=RecordState.IMPORTED,
        origin=event.origin_kind,
        planned_at=event.occurred_text,
        started_at=event.occurred_text if data.started_on else None,
        started_precision=data.started_precision,
    )


@batches.on("batch.started")
def _started(event: Recorded) -> None:
    _move(event, BatchState.RUNNING, "started_at = %s", event.occurred_text)


@batches.on("batch.held")
def _held(event: Recorded) -> None:
    _move(event, BatchState.HELD, "hold_reason = %s", event.reason or "")


@batches.on("batch.resumed")
def _resumed(event: Recorded) -> None:
    execute(
        "UPDATE batches_batch SET hold_reason = '',"
        " state = CASE WHEN state = %s THEN state WHEN started_at IS NULL THEN %s ELSE %s END"
        " WHERE id = %s",
        (BatchState.IMPORTED, BatchState.READY, BatchState.RUNNING, event.payload["batch_id"]),
    )


@batches.on("batch.manufacture.ended")
def _ended(event: Recorded) -> None:
    _move(event, BatchState.COMPLETE, "ended_at = %s", event.occurred_text)


@batches.on("batch.aborted")
def _aborted(event: Recorded) -> None:
    _move(event, BatchState.ABORTED, "aborted_at = %s", event.occurred_text)


@batches.on("batch.packaging.ended")
def _packaged(event: Recorded) -> None:
    _set_batch(event, "packaged_at = %s", event.occurred_text)


@batches.on("batch.record.completed")
def _completed(event: Recorded) -> None:
    _move_record(event, RecordState.COMPLETED, "completed_at = %s", event.occurred_text)


@batches.on("batch.step.offered")
def _offered(event: Recorded) -> None:
    if event.payload.get("title"):
        _described(event)
    _set_step(event, "state = %s, offered_at = %s", StepState.OFFERED, event.occurred_text)


@batches.on("batch.step.claimed")
def _claimed(event: Recorded) -> None:
    _set_step(
        event,
        "state = %s, claimed_at = %s, claimed_by = %s",
        StepState.CLAIMED,
        event.occurred_text,
        event.doer.id,
    )


@batches.on("batch.step.value_entered")
def _entered(event: Recorded) -> None:
    entry, result = _entry(event)
    _set_step(event, "entry = %s, result = %s", entry, result)


@batches.on("batch.step.completed")
def _step_done(event: Recorded) -> None:
    _set_step(
        event,
        "state = %s, done_at = %s, performer_id = %s, performer_name = %s",
        StepState.DONE if event.payload["verification_due"] else StepState.VERIFIED,
        event.occurred_text,
        event.doer.id,
        event.doer.name,
    )
    _set_batch(event, "steps_done = steps_done + 1")


@batches.on("batch.step.verified")
def _verified(event: Recorded) -> None:
    _set_step(
        event,
        "state = %s, verified_at = %s, verifier_id = %s, verifier_name = %s",
        StepState.VERIFIED,
        event.occurred_text,
        event.doer.id,
        event.doer.name,
    )


@batches.on("batch.step.corrected")
def _corrected(event: Recorded) -> None:
    entry, result = _entry(event)
    due = event.payload["verification_due"]
    _set_step(
        event,
        "entry = %s, result = %s, corrections = corrections + 1, state = %s,"
        " verified_at = NULL, verifier_id = NULL, verifier_name = '',"
        " performer_id = %s, performer_name = %s",
        entry,
        result,
        StepState.DONE if due else StepState.VERIFIED,
        event.doer.id,
        event.doer.name,
    )


@batches.on("batch.discrepancy.raised")
def _raised(event: Recorded) -> None:
    data = event.data
    insert(
        Discrepancy,
        id=data.discrepancy_id,
        batch_id=data.batch_id,
        number=_number(event),
        step_id=data.step_id,
        discrepancy_class=data.discrepancy_class,
        code=data.code,
        severity=data.severity,
        description=data.description,
        blocking=data.blocking,
        raised_at=event.occurred_text,
        raised_by=event.doer.name,
    )


@batches.on("batch.discrepancy.answered")
def _answered(event: Recorded) -> None:
    Discrepancy.objects.filter(id=event.data.discrepancy_id).update(
        answered_at=event.occurred_text,
        answered_by=event.doer.name,
        answer=event.data.answer,
    )


@batches.on("batch.discrepancy.closed")
def _discrepancy_closed(event: Recorded) -> None:
    Discrepancy.objects.filter(id=event.data.discrepancy_id).update(
        closed_at=event.occurred_text, deviation_id=event.data.deviation_id
    )


@batches.on("batch.material.consumed")
def _consumed(event: Recorded) -> None:
    data = event.data
    execute(
        "INSERT INTO batches_material_use"
        " (event_seq, batch_id, lot_id, material_code, quantity, unit, step_id)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            event.seq,
            data.batch_id,
            data.lot_id,
            data.material_code,
            str(data.quantity.value) if data.quantity else "",
            data.quantity.unit if data.quantity else "",
            data.step_id,
        ),
    )


@batches.on("batch.equipment.used")
def _equipment(event: Recorded) -> None:
    data = event.data
    insert(
        EquipmentUse,
        event_seq=event.seq,
        batch_id=data.batch_id,
        equipment_id=data.equipment_id,
        equipment_class=data.equipment_class,
        step_id=data.step_id,
        at=event.occurred_text,
    )


@batches.on("batch.yield.recorded")
def _yield(event: Recorded) -> None:
    data = event.data
    rows = []
    if data.percent is not None:
        rows.append((event.seq, data.batch_id, "yield", data.name, data.percent, "%"))
    elif data.actual is not None:
        actual = data.actual
        rows.append((event.seq, data.batch_id, "yield", data.name, str(actual.value), actual.unit))
    execute_many(_VALUE, rows)


@batches.on("batch.parameter.recorded")
def _parameter(event: Recorded) -> None:
    data = event.data
    execute(_VALUE, (event.seq, data.batch_id, "parameter", data.name, data.value, data.unit))


@batches.on("batch.comment.added")
def _comment(event: Recorded) -> None:
    insert(
        Comment,
        event_seq=event.seq,
        batch_id=event.data.batch_id,
        step_id=event.data.step_id,
        comment=event.data.comment,
        at=event.occurred_text,
        person_name=event.doer.name,
    )


@batches.on("release.record.returned", "release.record.reviewed", "release.batch.decided")
def _record_state(event: Recorded) -> None:
    # Told by release, floors up: known here by name and payload alone.
    state = {
        "release.record.returned": RecordState.RETURNED,
        "release.record.reviewed": RecordState.REVIEWED,
    }.get(event.type)
    if state is None:
        decided = event.payload["decision"]
        _move_record(event, decided, "disposed_at = %s", event.occurred_text)
    elif state is RecordState.RETURNED:
        _move_record(event, state, "returns = returns + 1")
    else:
        _move_record(event, state, "reviewed_at = %s", event.occurred_text)


_VALUE = (
    "INSERT INTO batches_value (event_seq, batch_id, kind, name, value, unit)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)


def _entry(event: Recorded) -> tuple[str, str]:
    payload = event.payload
    entry, result = (canonical(payload[key]).decode() for key in ("entry", "result"))
    execute(
        "INSERT INTO batches_entry (event_seq, batch_id, step_id, entry, result, at, person_id,"
        " person_name, reason) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            event.seq,
            payload["batch_id"],
            payload["step_id"],
            entry,
            result,
            event.occurred_text,
            event.doer.id,
            event.doer.name,
            event.reason or "",
        ),
    )
    return entry, result


def _number(event: Recorded) -> int:
    """Return a discrepancy's number in its batch: part of a native id, counted for an import."""
    native = event.data.discrepancy_id.rpartition("/")[2]
    if event.data.discrepancy_id == f"{event.data.batch_id}/{native}" and native.isdigit():
        return int(native)
    return Discrepancy.objects.filter(batch_id=event.data.batch_id).count() + 1


def _described(event: Recorded) -> None:
    """Make the row of a step that no master of ours describes: another system offered it."""
    data = event.data
    execute(
        "INSERT INTO batches_step (id, batch_id, step_id, position, title, unit_procedure,"
        " operation, phase, kind, state, performer_name, verifier_name, entry, result,"
        " corrections) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '', '{}', '{}', 0)",
        (
            f"{data.batch_id}/{data.step_id}",
            data.batch_id,
            data.step_id,
            data.position,
            data.title,
            data.unit_procedure,
            data.operation,
            data.phase,
            data.kind,
            StepState.PENDING,
        ),
    )
    _set_batch(event, "steps_total = steps_total + 1")


def _move(event: Recorded, state: str, what: str, *values: object) -> None:
    kept = f"state = CASE WHEN state = '{BatchState.IMPORTED}' THEN state ELSE %s END, {what}"
    _set_batch(event, kept, state, *values)


def _move_record(event: Recorded, state: str, what: str, *values: object) -> None:
    imported = RecordState.IMPORTED
    kept = f"record_state = CASE WHEN record_state = '{imported}' THEN record_state ELSE %s END"
    _set_batch(event, f"{kept}, {what}", state, *values)


def _set_batch(event: Recorded, what: str, *values: object) -> None:
    statement = f"UPDATE batches_batch SET {what} WHERE id = %s"  # noqa: S608 - constants only
    execute(statement, (*values, event.payload["batch_id"]))


def _set_step(event: Recorded, what: str, *values: object) -> None:
    statement = f"UPDATE batches_step SET {what} WHERE id = %s"  # noqa: S608 - constants only
    execute(statement, (*values, f"{event.payload['batch_id']}/{event.payload['step_id']}"))
