"""What happens to material lots and equipment (ISA-95 resources)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.catalogue import event


@event("material.lot.received")
@dataclass(frozen=True, slots=True)
class MaterialLotReceived:
    """A lot of a material came to the site (21 CFR 211.82).

    Consumption is not told here: it belongs to the batch that used the lot.

    Attributes:
        lot_id: The site's own lot number.
        material_code: The material definition (ISA-95), such as `LACTOSE`.
        material_name: The material as people call it.
        status: `quarantine`, `released`, `rejected`, or `unknown` where a source does not say.
        quantity: How much was received; None where the source does not say.
        supplier: Who delivered it; None where the source does not say.
        supplier_lot: The supplier's lot number; None where the source does not say.
        expires_on: Last day of use as an ISO date; None where the source does not say.
        potency_percent: Assay in percent as written, for potency-corrected dispensing; None
            where not corrected.
    """

    lot_id: str
    material_code: str
    material_name: str
    status: str
    quantity: Quantity | None = None
    supplier: str | None = None
    supplier_lot: str | None = None
    expires_on: str | None = None
    potency_percent: str | None = None


@event("material.lot.status_changed")
@dataclass(frozen=True, slots=True)
class MaterialLotStatusChanged:
    """The quality unit changed what a lot may be used for (21 CFR 211.84).

    Attributes:
        lot_id: The site's own lot number.
        status: The new status: `quarantine`, `released` or `rejected`.
        previous: The status before.
    """

    lot_id: str
    status: str
    previous: str


@event("equipment.registered")
@dataclass(frozen=True, slots=True)
class EquipmentRegistered:
    """A piece of equipment was made known to the site (21 CFR 211.105).

    Attributes:
        equipment_id: The number on its plate.
        name: The equipment as people call it.
        equipment_class: The class that recipes ask for (ISA-95), such as `tablet_press`.
    """

    equipment_id: str
    name: str
    equipment_class: str


@event("equipment.calibrated")
@dataclass(frozen=True, slots=True)
class EquipmentCalibrated:
    """Equipment was calibrated (21 CFR 211.68(a), 211.160(b)(4)).

    Attributes:
        equipment_id: The number on its plate.
        valid_until: From this instant (UTC) on the calibration no longer counts.
        certificate: The certificate's number; None where there is none.
    """

    equipment_id: str
    valid_until: datetime
    certificate: str | None = None


@event("equipment.cleaned")
@dataclass(frozen=True, slots=True)
class EquipmentCleaned:
    """Equipment was cleaned (21 CFR 211.67, logbook 211.182).

    Attributes:
        equipment_id: The number on its plate.
        clean_until: End of the validated clean-hold time (UTC): from then on it counts as dirty.
    """

    equipment_id: str
    clean_until: datetime


@event("equipment.soiled")
@dataclass(frozen=True, slots=True)
class EquipmentSoiled:
    """Equipment was used for a batch and must be cleaned before another product.

    Attributes:
        equipment_id: The number on its plate.
        batch_id: The batch that it was used for.
    """

    equipment_id: str
    batch_id: str
