"""Readings of material lots and equipment."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from daytwo.kernel.clock import instant
from daytwo.kernel.errors import Unknown
from daytwo.kernel.quantity import Quantity
from daytwo.record.resources.models import Equipment, MaterialLot
from daytwo.record.resources.rules import EquipmentState, LotState

if TYPE_CHECKING:
    from collections.abc import Iterator


def lots(material_code: str = "") -> list[MaterialLot]:
    """Return the lots, of one material or all, those that expire first in front."""
    rows = MaterialLot.objects.order_by("material_code", "expires_on", "id")
    return list(rows.filter(material_code=material_code) if material_code else rows)


def every_lot() -> Iterator[MaterialLot]:
    """Yield every lot by its number, in bounded memory."""
    yield from MaterialLot.objects.order_by("id").iterator(chunk_size=500)


def lot_state(lot_id: str) -> LotState:
    """Return a lot as the rules see it; `Unknown` when there is no such lot."""
    row = MaterialLot.objects.filter(id=lot_id).first()
    if row is None:
        raise Unknown("lot.unknown", f"There is no lot {lot_id}. Scan the label again.")
    return LotState(row.id, row.material_code, row.status, row.expires_on, left_of(row))


def left_of(row: MaterialLot) -> Quantity | None:
    """Return what is left of a lot; None where the received quantity is not known."""
    if row.received is None:
        return None
    return Quantity(Decimal(row.received) - Decimal(row.used), row.unit)


def all_equipment() -> list[Equipment]:
    """Return every piece of equipment, by class and id."""
    return list(Equipment.objects.order_by("equipment_class", "id"))


def equipment_state(equipment_id: str) -> EquipmentState:
    """Return equipment as the rules see it; `Unknown` when there is none of this number."""
    row = Equipment.objects.filter(id=equipment_id).first()
    if row is None:
        raise Unknown("equipment.unknown", f"There is no equipment {equipment_id}. Scan again.")
    return EquipmentState(
        row.id,
        row.equipment_class,
        instant(row.calibrated_until) if row.calibrated_until else None,
        instant(row.clean_until) if row.clean_until else None,
        row.soiled_by,
    )
