"""What was done for a batch: times, equipment, lots consumed and produced, as B2MML."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from daytwo.doors.connectors.b2mml.transaction import transaction
from daytwo.record.batches import queries as q
from daytwo.record.batches.enums import BatchState, StepState
from daytwo.record.ledger.reading import stream_events

if TYPE_CHECKING:
    from daytwo.doors.connectors.b2mml.xmlout import Xml
    from daytwo.record.batches.models import Batch, BatchStep

_AMOUNT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) (\S+)")
_BATCH = {
    BatchState.READY: "Ready",
    BatchState.RUNNING: "Running",
    BatchState.HELD: "Held",
    BatchState.COMPLETE: "Completed",
    BatchState.ABORTED: "Aborted",
}
_STEP = {
    StepState.PENDING: "Waiting",
    StepState.OFFERED: "Ready",
    StepState.CLAIMED: "Running",
    StepState.DONE: "Completed",
    StepState.VERIFIED: "Closed",
}


def write_performance(xml: Xml, batch: Batch) -> None:
    """Write `ProcessOperationsPerformance` of one batch.

    References:
        B2MML version 7, OperationsPerformance; ISA-95.00.02, operations performance.
    """
    with transaction(xml, "Process", "OperationsPerformance"), xml.element("OperationsPerformance"):
        started = batch.started_at if batch.started_precision == "instant" else None
        xml.leaf("ID", batch.id)
        xml.leaf("StartTime", started)
        xml.leaf("Endtime", batch.ended_at)
        xml.leaf("OperationsType", "Production")
        _state(xml, "PerformanceState", batch)
        with xml.element("OperationsResponse"):
            xml.leaf("ID", batch.id)
            xml.leaf("StartTime", started)
            xml.leaf("EndTime", batch.ended_at)
            xml.leaf("OperationsType", "Production")
            xml.leaf("OperationsRequestID", batch.order_id)
            xml.leaf("OperationsDefinitionID", batch.mbr_id)
            _state(xml, "ResponseState", batch)
            _segment(xml, batch, started)


def _state(xml: Xml, name: str, batch: Batch) -> None:
    known = _BATCH.get(BatchState(batch.state))
    if known:
        xml.leaf(name, known)
    else:
        xml.leaf(name, "Other", OtherValue=batch.source_status or batch.state)


def _segment(xml: Xml, batch: Batch, started: str | None) -> None:
    with xml.element("SegmentResponse"):
        xml.leaf("ID", batch.id)
        xml.leaf("Description", batch.product_name)
        xml.leaf("ActualStartTime", started)
        xml.leaf("ActualEndTime", batch.ended_at)
        _state(xml, "SegmentState", batch)
        for value in q.values(batch.id):
            _data(xml, value.name, value.value, value.unit)
        _equipment(xml, batch.id, None)
        _consumed(xml, batch.id, None)
        _produced(xml, batch)
        for step in q.steps(batch.id):
            _step(xml, batch.id, step)


def _step(xml: Xml, batch_id: str, step: BatchStep) -> None:
    with xml.element("SegmentResponseChild"):
        xml.leaf("ID", f"{batch_id}/{step.step_id}")
        xml.leaf("Description", step.title)
        xml.leaf("ActualStartTime", step.claimed_at)
        xml.leaf("ActualEndTime", step.done_at)
        xml.leaf("ProcessSegmentID", step.step_id)
        xml.leaf("SegmentState", _STEP[StepState(step.state)])
        for name, text in _told(step).items():
            number = _AMOUNT.fullmatch(text)
            _data(xml, name, *(number.groups() if number else (text,)))
        _equipment(xml, batch_id, step.step_id)
        _consumed(xml, batch_id, step.step_id)


def _told(step: BatchStep) -> dict[str, str]:
    """Return what a step computed, and the value that was entered where one was asked for."""
    entry, result = json.loads(step.entry), json.loads(step.result)
    asked = {"value": entry["value"]} if "value" in entry else {}
    return {name: str(text) for name, text in (asked | result).items()}


def _data(xml: Xml, name: str, text: str, unit: str = "") -> None:
    with xml.element("SegmentData"):
        xml.leaf("ID", name)
        xml.value("Value", text, unit)


def _equipment(xml: Xml, batch_id: str, step_id: str | None) -> None:
    for use in q.equipment(batch_id):
        if (use.step_id or None) == step_id:
            with xml.element("EquipmentActual"):
                xml.leaf("ID", str(use.event_seq))
                xml.leaf("EquipmentClassID", use.equipment_class)
                xml.leaf("EquipmentID", use.equipment_id)


def _consumed(xml: Xml, batch_id: str, step_id: str | None) -> None:
    for use in q.materials(batch_id):
        if use.step_id == step_id:
            with xml.element("MaterialActual"):
                xml.leaf("ID", str(use.event_seq))
                xml.leaf("MaterialDefinitionID", use.material_code)
                xml.leaf("MaterialLotID", use.lot_id)
                xml.leaf("MaterialUse", "Consumed")
                xml.quantity(use.quantity, use.unit)


def _produced(xml: Xml, batch: Batch) -> None:
    """Write the batch itself as the lot that was produced; its amount where a yield says it."""
    amounts = [
        event.data.actual
        for event in stream_events(f"batch/{batch.id}")
        if event.type == "batch.yield.recorded" and event.data.actual is not None
    ]
    with xml.element("MaterialActual"):
        xml.leaf("ID", f"{batch.id}/produced")
        xml.leaf("MaterialDefinitionID", batch.product_code)
        xml.leaf("MaterialLotID", batch.id)
        xml.leaf("MaterialUse", "Produced")
        if amounts:
            xml.quantity(amounts[-1].as_json()["value"], amounts[-1].unit)
