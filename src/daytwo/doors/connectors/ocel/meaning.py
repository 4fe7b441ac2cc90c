"""What an event of the record says in an object-centric log: objects, attributes, no person.

Only what is listed here leaves the record: ids of objects, coded values, numbers and times. Texts
that people wrote, and people themselves, do not: who acted is a role or team.
"""

from __future__ import annotations

import re
import typing
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from daytwo.kernel.clock import Day
from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.catalogue import entry_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from daytwo.record.ledger.envelope import Recorded

_LEFT_OUT = ("access.", "system.import.", "system.clock.")
_SIGNED = "access.signature.applied"

_OBJECTS = {
    "batch_id": ("batch", "batch"),
    "capa_id": ("capa", "capa"),
    "certificate_id": ("certificate", "certificate"),
    "change_id": ("change", "change"),
    "complaint_id": ("complaint", "complaint"),
    "deviation_id": ("deviation", "deviation"),
    "discrepancy_id": ("discrepancy", "discrepancy"),
    "equipment_id": ("equipment", "equipment"),
    "feedback_id": ("feedback", "feedback"),
    "lot_id": ("material_lot", "lot"),
    "oos_id": ("oos", "oos"),
    "order_id": ("order", "order"),
    "product_code": ("product", "product"),
    "sample_id": ("sample", "sample"),
    "shipment_id": ("shipment", "shipment"),
    "team": ("team", "team"),
}
"""Field to the type of the object that it names, and the beginning of that object's id."""

_STREAMS = {
    "batch": ("batch", "batch"),
    "capa": ("capa", "capa"),
    "change": ("change", "change"),
    "complaint": ("complaint", "complaint"),
    "deviation": ("deviation", "deviation"),
    "equipment": ("equipment", "equipment"),
    "feedback": ("feedback", "feedback"),
    "lot": ("material_lot", "lot"),
    "laboratory/batch": ("batch", "batch"),
    "laboratory/lot": ("material_lot", "lot"),
    "laboratory/oos": ("oos", "oos"),
    "laboratory/sample": ("sample", "sample"),
    "system": ("system", "system"),
}
"""Beginning of a stream to the object that it is the history of."""

# fmt: off
_CODED = frozenset({
    "active_minutes", "area", "automated", "category", "check", "classification", "code",
    "criticality", "decision", "detected_at", "discrepancy_class", "due_on", "equipment_class",
    "expires_on", "feature", "function", "kind", "line", "material_code", "mbr_id", "meaning",
    "method", "metric", "operation", "outcome", "percent", "phase", "plan", "position",
    "potency_percent", "process", "promised_on", "qualification", "release", "result_id",
    "role", "route", "screen", "section", "severity", "signed_at", "source_status", "stage",
    "started_on", "started_precision", "state", "status", "step_id", "strength", "team",
    "test_code", "unit", "unit_procedure", "verdict",
})
# fmt: on
"""Text fields whose values are codes, dates or numbers."""

_CODED_OF = {
    "batch.parameter.recorded": {"name", "value"},
    "batch.yield.recorded": {"name"},
    "laboratory.result.entered": {"value"},
    "laboratory.result.final": {"value"},
    "material.lot.status_changed": {"previous"},
    "system.configuration.changed": {"setting"},
}
"""Text fields that are such in one event only."""

_KEPT = {
    "batch": ("product_code", "strength", "size", "size_unit", "line", "promised_on", "decision"),
    "capa": ("due_on", "verdict"),
    "change": ("kind",),
    "complaint": ("category",),
    "deviation": ("classification", "severity", "category", "area", "process", "due_on"),
    "equipment": ("equipment_class", "state"),
    "material_lot": ("material_code", "status", "expires_on"),
    "mbr_version": ("product_code",),
    "oos": ("test_code",),
    "sample": ("stage", "plan"),
}
"""Fields that are attributes of the object whose stream the event belongs to."""


class Said:
    """What one event says.

    Attributes:
        attributes: Its own, by name, as text.
        objects: Id and qualifier of each object.
        types: Type of each object, by id.
        main: Id of the object whose history the event belongs to; empty when there is none.
        kept: Attributes of that object.
    """

    __slots__ = ("attributes", "kept", "main", "objects", "types")

    def __init__(self) -> None:
        """Begin with nothing."""
        self.attributes: dict[str, str] = {}
        self.objects: list[tuple[str, str]] = []
        self.types: dict[str, str] = {}
        self.main = ""
        self.kept: dict[str, str] = {}

    def speak_of(self, id_: str, type_: str, qualifier: str) -> None:
        """Add an object."""
        self.types[id_] = type_
        self.objects.append((id_, qualifier))


def goes_out(event_type: str) -> bool:
    """Tell whether events of a type are exported: accounts and the house's own runs are not."""
    return event_type == _SIGNED or not event_type.startswith(_LEFT_OUT)


def said_by(event: Recorded) -> Said:
    """Return what an event says."""
    payload = event.payload
    said = Said()
    for field, (type_, begins) in _OBJECTS.items():
        if payload.get(field):
            said.speak_of(f"{begins}/{payload[field]}", type_, re.sub("_(id|code)$", "", field))
    _tested(payload, said)
    version = payload.get("mbr_version") or payload.get("version")
    if payload.get("mbr_id") and version:
        said.speak_of(f"mbr/{payload['mbr_id']}/{version}", "mbr_version", "mbr_version")
    said.main = _main(event, said)
    role = _role(event)
    if role:
        said.speak_of(f"role/{role}", "role", "performed by")
    said.attributes = dict(_texts(event.type, payload))
    kept = _KEPT.get(said.types.get(said.main, ""), ())
    said.kept = {name: said.attributes[name] for name in kept if name in said.attributes}
    if "product_code" in kept and payload.get("product_code"):
        said.kept["product_code"] = payload["product_code"]
    return said


@cache
def attributes_of(event_type: str) -> Mapping[str, str]:
    """Return the attributes that events of a type may have, each with its OCEL type."""
    entry = entry_named(event_type)
    hints = typing.get_type_hints(entry.cls)
    coded = _CODED | _CODED_OF.get(event_type, set())
    found: dict[str, str] = {}
    for field, hint in hints.items():
        kinds = {kind for kind in (typing.get_args(hint) or (hint,)) if kind is not type(None)}
        if Quantity in kinds:
            found |= {field: "float", f"{field}_unit": "string"}
        elif bool in kinds:
            found[field] = "boolean"
        elif int in kinds:
            found[field] = "integer"
        elif datetime in kinds:
            found[field] = "time"
        elif kinds <= {str, Day} and field in coded and field not in _OBJECTS:
            found[field] = "string"
    return found


def kept_by(object_type: str) -> Mapping[str, str]:
    """Return the attributes that objects of a type may have, each with its OCEL type."""
    return {name: "float" if name == "size" else "string" for name in _KEPT.get(object_type, ())}


def _texts(event_type: str, payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, kind in attributes_of(event_type).items():
        value = payload.get(name)
        if value is None or value == "" or name.endswith("_unit"):
            continue
        if isinstance(value, dict):
            yield name, str(value["value"])
            yield f"{name}_unit", str(value["unit"])
        elif kind == "boolean":
            yield name, "true" if value else "false"
        else:
            yield name, str(value)


def _tested(payload: Mapping[str, Any], said: Said) -> None:
    """Add what was tested: a batch, or a lot of material."""
    if payload.get("subject_kind") in {"batch", "lot"} and payload.get("subject_id"):
        type_, begins = _STREAMS[payload["subject_kind"]]
        said.speak_of(f"{begins}/{payload['subject_id']}", type_, "tested")


def _main(event: Recorded, said: Said) -> str:
    """Return the object whose history a stream is, adding it where the fields do not name it."""
    head, _, rest = event.stream.partition("/")
    if head == "laboratory":
        kind, _, rest = rest.partition("/")
        head = f"{head}/{kind}"
    if head == "mbr":
        return next((id_ for id_, type_ in said.types.items() if type_ == "mbr_version"), "")
    if head not in _STREAMS:
        return ""
    type_, begins = _STREAMS[head]
    id_ = f"{begins}/{rest}"
    if id_ not in said.types:
        said.speak_of(id_, type_, "signed" if event.type == _SIGNED else type_)
    return id_


def _role(event: Recorded) -> str:
    """Return the role or team in which somebody acted; what only imported did not act."""
    if event.origin["kind"] == "import":
        return str((event.origin["ref"] or {}).get("role", ""))
    return event.actor.role
