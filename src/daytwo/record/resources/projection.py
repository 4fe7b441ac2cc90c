"""The only writer of lots', equipment's and staff's rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from daytwo.kernel.clock import stamp
from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.projections import Projection
from daytwo.record.ledger.rows import insert
from daytwo.record.resources.models import (
    Equipment,
    MaterialLot,
    StaffMember,
    StaffQualification,
)

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

resources = Projection("resources", (MaterialLot, Equipment, StaffMember, StaffQualification))


@resources.on("material.lot.received")
def _received(event: Recorded) -> None:
    data = event.data
    insert(
        MaterialLot,
        id=data.lot_id,
        material_code=data.material_code,
        material_name=data.material_name,
        status=data.status,
        received_at=event.occurred_text,
        received=str(data.quantity.value) if data.quantity else None,
        unit=data.quantity.unit if data.quantity else "",
        supplier=data.supplier,
        expires_on=data.expires_on,
        potency_percent=data.potency_percent,
        origin=event.origin_kind,
    )


@resources.on("material.lot.status_changed")
def _status(event: Recorded) -> None:
    MaterialLot.objects.filter(id=event.data.lot_id).update(status=event.data.status)


@resources.on("batch.material.consumed")
def _consumed(event: Recorded) -> None:
    # Told by the batch, one floor up: known here by its name and payload alone.
    quantity = event.payload["quantity"]
    row = MaterialLot.objects.filter(id=event.payload["lot_id"]).first()
    if quantity is None or row is None or not row.unit:
        return
    used = Quantity.from_json(quantity).to(row.unit).value
    row.used = str(Decimal(row.used) + used)
    row.save(update_fields=["used"])


@resources.on("equipment.registered")
def _registered(event: Recorded) -> None:
    data = event.data
    insert(Equipment, id=data.equipment_id, name=data.name, equipment_class=data.equipment_class)


@resources.on("equipment.calibrated")
def _calibrated(event: Recorded) -> None:
    until = stamp(event.data.valid_until)
    Equipment.objects.filter(id=event.data.equipment_id).update(calibrated_until=until)


@resources.on("equipment.cleaned")
def _cleaned(event: Recorded) -> None:
    Equipment.objects.filter(id=event.data.equipment_id).update(
        clean_until=stamp(event.data.clean_until), soiled_by=None
    )


@resources.on("equipment.soiled")
def _soiled(event: Recorded) -> None:
    Equipment.objects.filter(id=event.data.equipment_id).update(soiled_by=event.data.batch_id)


@resources.on("equipment.state.entered")
def _state(event: Recorded) -> None:
    Equipment.objects.filter(id=event.data.equipment_id).update(
        state=event.data.state, state_since=event.occurred_text
    )


@resources.on("staff.member.registered")
def _member(event: Recorded) -> None:
    data = event.data
    insert(StaffMember, id=data.person_id, name=data.name, role=data.role, team=data.team)


@resources.on("staff.qualified")
def _qualified(event: Recorded) -> None:
    data = event.data
    insert(
        StaffQualification,
        event_seq=event.seq,
        person_id=data.person_id,
        qualification=data.qualification,
        subject=data.subject,
        since=event.occurred_text,
        valid_until=stamp(data.valid_until) if data.valid_until else None,
    )
