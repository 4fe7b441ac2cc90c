"""May this lot, may this equipment be used now: predicates over values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.kernel.errors import Refused
from daytwo.record.resources.enums import LotStatus
from daytwo.record.resources.errors import EquipmentRefused, LotRefused

if TYPE_CHECKING:
    from datetime import date, datetime

    from daytwo.kernel.quantity import Quantity

LONGEST_LABEL = 100
"""Characters of a number, code or class: the width of its column."""


@dataclass(frozen=True, slots=True)
class LotState:
    """A lot as a rule sees it; `left` is None where the received quantity is not known."""

    lot_id: str
    material_code: str
    status: str
    expires_on: str | None
    left: Quantity | None


@dataclass(frozen=True, slots=True)
class EquipmentState:
    """Equipment as a rule sees it; times are UTC."""

    equipment_id: str
    equipment_class: str
    calibrated_until: datetime | None
    clean_until: datetime | None
    soiled_by: str | None


def check_lot(lot: LotState, material_code: str, quantity: Quantity | None, on: date) -> None:
    """Refuse a lot that is of another material, not released, expired, or used up.

    Args:
        lot: The lot.
        material_code: What the step needs.
        quantity: How much of it; None where that is not known.
        on: The day of use at the site: an expiry date is a day of its calendar.

    References:
        21 CFR 211.80(d), 211.84(a), 211.101(b)-(c); EU GMP Part I 5.34.
    """
    if lot.material_code != material_code:
        detail = f"this is {lot.material_code}; the step needs {material_code}. Scan another lot."
        raise LotRefused("material", lot.lot_id, detail)
    if lot.status != LotStatus.RELEASED:
        detail = f"it is {lot.status}, not released. Quality can release it; or scan another lot."
        raise LotRefused("status", lot.lot_id, detail)
    if lot.expires_on is not None and on.isoformat() > lot.expires_on:
        detail = f"it expired on {lot.expires_on}. Scan another lot."
        raise LotRefused("expired", lot.lot_id, detail)
    if quantity is not None and lot.left is not None and quantity > lot.left:
        detail = f"{lot.left} are left, {quantity} are needed. Scan another lot."
        raise LotRefused("short", lot.lot_id, detail)


def check_equipment(
    equipment: EquipmentState,
    equipment_class: str,
    at: datetime,
    *,
    batch_id: str,
    calibrated: bool,
    clean: bool,
) -> None:
    """Refuse equipment of another class, out of calibration, not clean, or in use elsewhere.

    References:
        21 CFR 211.67, 211.68(a), 211.105, 211.182; 11.10(h) (device checks).
    """
    name = equipment.equipment_id
    if equipment.equipment_class != equipment_class:
        detail = f"this is a {equipment.equipment_class}; the step needs a {equipment_class}."
        raise EquipmentRefused("class", name, detail)
    until = equipment.calibrated_until
    if calibrated and (until is None or at >= until):
        raise EquipmentRefused(
            "calibration", name, "its calibration has run out. A supervisor can have it calibrated."
        )
    if not clean or equipment.soiled_by == batch_id:
        return
    if equipment.soiled_by is not None:
        detail = f"it was used for {equipment.soiled_by} and not cleaned since."
        raise EquipmentRefused("dirty", name, detail)
    if equipment.clean_until is None or at >= equipment.clean_until:
        detail = "its clean-hold time has run out; clean it anew."
        raise EquipmentRefused("clean_hold", name, detail)


def check_label(what: str, text: str) -> str:
    """Return what a label reads, blanks off; refuse an empty one and one too long to be kept.

    References:
        21 CFR 211.80(b), 211.105(b): lots and equipment are identified by a distinctive code.
    """
    cleaned = text.strip()
    if not 0 < len(cleaned) <= LONGEST_LABEL:
        raise Refused(
            "resource.label", f"{what} is missing, or longer than {LONGEST_LABEL} characters."
        )
    return cleaned
