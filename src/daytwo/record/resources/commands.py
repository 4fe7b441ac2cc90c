"""Verbs of lots and equipment: receive, release, register, calibrate, clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.kernel.clock import Day, day
from daytwo.kernel.errors import Refused
from daytwo.record.access.authority import Context, command
from daytwo.record.access.enums import Permission
from daytwo.record.ledger.append import Pending
from daytwo.record.ledger.reading import head_version
from daytwo.record.resources.enums import LotStatus
from daytwo.record.resources.events import (
    EquipmentCalibrated,
    EquipmentCleaned,
    EquipmentRegistered,
    MaterialLotReceived,
    MaterialLotStatusChanged,
)
from daytwo.record.resources.queries import equipment_state, lot_state
from daytwo.record.resources.rules import check_label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from daytwo.kernel.quantity import Quantity


def _lot(arguments: Mapping[str, str]) -> tuple[str, ...]:
    return (f"lot/{arguments['lot_id']}",)


def _equipment(arguments: Mapping[str, str]) -> tuple[str, ...]:
    return (f"equipment/{arguments['equipment_id']}",)


@command(
    "material.receive_lot",
    permission=Permission.RESOURCE_MANAGE,
    emits=(MaterialLotReceived,),
    locks=_lot,
)
def receive_lot(
    ctx: Context,  # noqa: ARG001
    *,
    lot_id: str,
    material_code: str,
    material_name: str,
    quantity: Quantity,
    expires_on: str | None = None,
    supplier: str | None = None,
) -> list[Pending]:
    """Receive a lot into quarantine (21 CFR 211.82(b))."""
    lot_id = check_label("The lot's number", lot_id)
    code = check_label("The material's code", material_code)
    if head_version(f"lot/{lot_id}"):
        raise Refused("lot.exists", f"Lot {lot_id} was received before.")
    if quantity.value <= 0:
        raise Refused("lot.quantity", "The received quantity must be above zero.")
    event = MaterialLotReceived(
        lot_id,
        code,
        material_name,
        LotStatus.QUARANTINE,
        quantity,
        supplier=supplier,
        expires_on=None if expires_on is None else _last_day(expires_on),
    )
    return [Pending(f"lot/{lot_id}", event)]


@command(
    "material.set_lot_status",
    permission=Permission.LOT_RELEASE,
    emits=(MaterialLotStatusChanged,),
    locks=_lot,
)
def set_lot_status(ctx: Context, *, lot_id: str, status: str, reason: str) -> list[Pending]:  # noqa: ARG001
    """Release, reject or quarantine a lot, with the reason (21 CFR 211.84)."""
    if status not in {LotStatus.QUARANTINE, LotStatus.RELEASED, LotStatus.REJECTED}:
        raise Refused("lot.status_unknown", "A lot is quarantined, released or rejected.")
    if not reason.strip():
        raise Refused("lot.reason_missing", "Say why; the reason is kept with the change.")
    previous = lot_state(lot_id).status
    if previous == status:
        raise Refused("lot.status_same", f"Lot {lot_id} is {status} already.")
    event = MaterialLotStatusChanged(lot_id, status, previous)
    return [Pending(f"lot/{lot_id}", event, reason=reason)]


@command(
    "equipment.register",
    permission=Permission.RESOURCE_MANAGE,
    emits=(EquipmentRegistered,),
    locks=_equipment,
)
def register_equipment(
    ctx: Context,  # noqa: ARG001
    *,
    equipment_id: str,
    name: str,
    equipment_class: str,
) -> list[Pending]:
    """Make equipment known by the number on its plate (21 CFR 211.105)."""
    equipment_id = check_label("The number on the plate", equipment_id)
    kind = check_label("The class", equipment_class)
    if head_version(f"equipment/{equipment_id}"):
        raise Refused("equipment.exists", f"Equipment {equipment_id} is registered already.")
    event = EquipmentRegistered(equipment_id, name, kind)
    return [Pending(f"equipment/{equipment_id}", event)]


@command(
    "equipment.record_calibration",
    permission=Permission.RESOURCE_MANAGE,
    emits=(EquipmentCalibrated,),
    locks=_equipment,
)
def record_calibration(ctx: Context, *, equipment_id: str, valid_until: datetime) -> list[Pending]:
    """Record a calibration and until when it holds (21 CFR 211.68(a))."""
    equipment_state(equipment_id)
    if valid_until <= ctx.now:
        raise Refused("equipment.until_past", "The calibration must hold beyond now.")
    return [Pending(f"equipment/{equipment_id}", EquipmentCalibrated(equipment_id, valid_until))]


@command(
    "equipment.record_cleaning",
    permission=Permission.RESOURCE_MANAGE,
    emits=(EquipmentCleaned,),
    locks=_equipment,
)
def record_cleaning(ctx: Context, *, equipment_id: str, clean_until: datetime) -> list[Pending]:
    """Record a cleaning and the end of its clean-hold time (21 CFR 211.67, 211.182)."""
    equipment_state(equipment_id)
    if clean_until <= ctx.now:
        raise Refused("equipment.until_past", "The clean-hold time must end after now.")
    return [Pending(f"equipment/{equipment_id}", EquipmentCleaned(equipment_id, clean_until))]


def _last_day(text: str) -> Day:
    try:
        return day(text)
    except Refused:
        raise Refused("lot.expiry", "Give the last day of use as YYYY-MM-DD.") from None
