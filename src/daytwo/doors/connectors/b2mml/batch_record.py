"""The record of one batch as BatchML: what happened, who signed, what was tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.record.laboratory.queries import results
from daytwo.record.ledger.reading import stream_events

if TYPE_CHECKING:
    from collections.abc import Callable

    from daytwo.doors.connectors.b2mml.xmlout import Xml
    from daytwo.record.batches.models import Batch
    from daytwo.record.ledger.envelope import Recorded

_SIGNED = "access.signature.applied"
_COMMENT = "batch.comment.added"
_CORRECTED = "batch.step.corrected"
_APART = {_SIGNED, _COMMENT, _CORRECTED}

_TYPES = {
    "batch.equipment.used": ("Equipment", "Allocation"),
    "batch.material.consumed": ("Material", "Consume"),
    "batch.parameter.recorded": ("General", "Parameter Data"),
    "batch.yield.recorded": ("Material", "Produce"),
    "batch.step.value_entered": ("Operator", "Prompt Response"),
    "batch.step.offered": ("Procedural Execution", "Prompt"),
    "batch.discrepancy.raised": ("General", "Message"),
    "batch.discrepancy.answered": ("Operator", "Message"),
    "batch.trace.recorded": ("General", "Process Data"),
}
"""Event to its type and subtype in the vocabulary of BatchML."""

_STATES = ("batch.", "release.")
_NO_TIME = 0


def write_batch_record(xml: Xml, batch: Batch) -> None:
    """Write `BatchProductionRecord` of one batch.

    References:
        BatchML version 7, BatchProductionRecord; ISA-88.00.04.
    """
    events = stream_events(f"batch/{batch.id}")
    with xml.element("BatchProductionRecord"):
        xml.leaf("ID", batch.id)
        xml.leaf("EntryID", f"batch/{batch.id}")
        xml.leaf("ObjectType", "Batch Production Record")
        xml.leaf("Description", f"{batch.product_name} {batch.strength}".strip())
        xml.leaf("CreationDate", batch.planned_at)
        xml.leaf("BatchID", batch.id)
        xml.leaf("LastChangedDate", events[-1].recorded_text if events else None)
        xml.leaf("LotID", batch.id)
        xml.leaf("MaterialDefinitionID", batch.product_code)
        xml.leaf("RecordStatus", batch.record_state)
        xml.leaf("Version", str(len(events)))
        _section(xml, "ChangeHistory", events, _CORRECTED, _change)
        _section(xml, "Comments", events, _COMMENT, _comment)
        with xml.element("Events"):
            for event in events:
                if event.type not in _APART:
                    _event(xml, event)
        _section(xml, "PersonnelIdentification", events, _SIGNED, _signature)
        _samples(xml, batch)


def _section(
    xml: Xml,
    name: str,
    events: list[Recorded],
    of: str,
    write: Callable[[Xml, Recorded], None],
) -> None:
    chosen = [event for event in events if event.type == of]
    if chosen:
        with xml.element(name):
            for event in chosen:
                write(xml, event)


def _entry(xml: Xml, event: Recorded, object_type: str) -> None:
    xml.leaf("EntryID", str(event.seq))
    xml.leaf("ObjectType", object_type)
    xml.leaf("TimeStamp", event.occurred_text)
    xml.leaf("ExternalReference", event.hash)
    xml.leaf("Description", event.type)


def _change(xml: Xml, event: Recorded) -> None:
    with xml.element("Change"):
        _entry(xml, event, "Change")
        xml.leaf("RecordReference", str(event.payload["step_id"]))
        old = event.payload["old"] or {"": "blank"}
        for name, text in old.items():
            xml.value("PrechangeData", f"{name}: {text}")
        xml.leaf("Reason", event.reason)


def _comment(xml: Xml, event: Recorded) -> None:
    with xml.element("Comment"):
        _entry(xml, event, "Comment")
        xml.leaf("RecordReference", event.payload.get("step_id") or event.stream)
        xml.leaf("CommentText", event.payload["comment"])
        xml.leaf("PersonID", _person(event))


def _signature(xml: Xml, event: Recorded) -> None:
    payload = event.payload
    with xml.element("PersonnelIdentificationManifest"):
        _entry(xml, event, "Personnel Identification Manifest")
        xml.leaf("RecordReference", payload["subject"])
        xml.leaf("Name", payload["signer_name"])
        xml.leaf("ChangeIndication", payload["content_sha256"])
        xml.leaf("Reason", payload["meaning"])


def _event(xml: Xml, event: Recorded) -> None:
    payload = event.payload
    kind, subtype = _TYPES.get(event.type, ("Procedural Execution", "State Change"))
    with xml.element("Event"):
        _entry(xml, event, "Event")
        xml.leaf("EventType", kind)
        xml.leaf("EventSubType", subtype)
        xml.leaf("EquipmentID", payload.get("equipment_id"))
        for text, unit in _values(payload):
            xml.value("Value", text, unit)
        xml.leaf("MessageText", _message(event))
        xml.leaf("PersonID", _person(event))
        xml.leaf("ProceduralElementReference", payload.get("step_id"))
        xml.leaf("Category", payload.get("discrepancy_class"))


def _values(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the values that an event tells of, each with its unit."""
    quantity = payload.get("quantity") or payload.get("actual")
    if quantity:
        named = [("lot", payload.get("lot_id")), ("name", payload.get("name"))]
        return [(quantity["value"], quantity["unit"]), *((t, "") for _, t in named if t)]
    if payload.get("percent"):
        return [(payload["percent"], "%"), (payload["name"], "")]
    if "value" in payload and "name" in payload:
        return [(payload["value"], payload["unit"]), (payload["name"], "")]
    told = payload.get("entry") or {}
    single = ("lot_id", "outcome", "decision")
    return [
        *((f"{name}: {text}", "") for name, text in told.items()),
        *((str(payload[name]), "") for name in single if payload.get(name)),
    ]


def _message(event: Recorded) -> str | None:
    payload = event.payload
    texts = (payload.get(name) for name in ("description", "answer", "rationale"))
    return next((text for text in texts if text), event.reason)


def _person(event: Recorded) -> str:
    """Return who acted; of an import whom the source names, not who imported."""
    if event.origin["kind"] == "import":
        return str((event.origin["ref"] or {}).get("by", ""))
    return event.actor.name


def _samples(xml: Xml, batch: Batch) -> None:
    found = results("batch", batch.id)
    if not found:
        return
    with xml.element("Samples"):
        for name in sorted({result.sample_id or "" for result in found}):
            with xml.element("Sample"):
                xml.leaf("EntryID", name or f"laboratory/batch/{batch.id}")
                xml.leaf("ObjectType", "Sample")
                xml.leaf("SampleSourceID", batch.id)
                for result in found:
                    if (result.sample_id or "") == name:
                        _test(xml, result)


def _test(xml: Xml, result: Any) -> None:
    with xml.element("SampleTest"):
        xml.leaf("EntryID", result.id)
        xml.leaf("ObjectType", "Sample Test")
        xml.leaf("Description", result.stage)
        xml.leaf("TestCode", result.test_code)
        xml.leaf("TestName", result.test_name)
        with xml.element("SampleTestResult"):
            xml.leaf("EntryID", str(result.event_seq))
            xml.leaf("ObjectType", "Sample Test Result")
            xml.leaf("TimeStamp", result.at)
            xml.leaf("TestDisposition", result.verdict)
            xml.value("Results", result.value, result.unit)
