"""The only writer of laboratory rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.laboratory.models import OutOfSpecification, Result, Sample
from daytwo.record.ledger.projections import Projection
from daytwo.record.ledger.rows import insert
from daytwo.record.ledger.sql import execute

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

laboratory = Projection("laboratory", (Sample, Result, OutOfSpecification))


@laboratory.on("laboratory.result.final")
def _final(event: Recorded) -> None:
    data = event.data
    execute(
        "INSERT INTO laboratory_result (id, event_seq, subject_kind, subject_id, stage, test_code,"
        " test_name, value, unit, verdict, sample_id, at, origin)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            data.result_id,
            event.seq,
            data.subject_kind,
            data.subject_id,
            data.stage,
            data.test_code,
            data.test_name,
            data.value,
            data.unit,
            data.verdict,
            data.sample_id,
            event.occurred_text,
            event.origin_kind,
        ),
    )
    if data.sample_id:
        execute("UPDATE laboratory_sample SET final = final + 1 WHERE id = %s", (data.sample_id,))


@laboratory.on("laboratory.sample.taken")
def _taken(event: Recorded) -> None:
    data = event.data
    insert(
        Sample,
        id=data.sample_id,
        subject_kind=data.subject_kind,
        subject_id=data.subject_id,
        stage=data.stage,
        plan=data.plan,
        taken_at=event.occurred_text,
        origin=event.origin_kind,
    )


@laboratory.on("laboratory.sample.received")
def _received(event: Recorded) -> None:
    execute(
        "UPDATE laboratory_sample SET received_at = %s WHERE id = %s",
        (event.occurred_text, event.payload["sample_id"]),
    )


@laboratory.on("laboratory.result.entered")
def _entered(event: Recorded) -> None:
    sample_id = event.payload["sample_id"]
    execute("UPDATE laboratory_sample SET entered = entered + 1 WHERE id = %s", (sample_id,))


@laboratory.on("laboratory.oos.opened")
def _oos(event: Recorded) -> None:
    data = event.data
    insert(
        OutOfSpecification,
        id=data.oos_id,
        result_id=data.result_id,
        sample_id=data.sample_id,
        subject_kind=data.subject_kind,
        subject_id=data.subject_id,
        test_code=data.test_code,
        opened_at=event.occurred_text,
        origin=event.origin_kind,
    )


@laboratory.on("laboratory.oos.invalidated", "laboratory.oos.confirmed")
def _judged(event: Recorded) -> None:
    OutOfSpecification.objects.filter(id=event.data.oos_id).update(
        decided_at=event.occurred_text,
        outcome=event.type.rpartition(".")[2],
        reason=event.reason or "",
    )
