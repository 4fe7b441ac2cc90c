"""What happens to equipment: its logbook (21 CFR 211.182)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daytwo.record.ledger.catalogue import event


@event("equipment.registered", stream="equipment/{equipment_id}", key=("equipment_id",))
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


@event("equipment.calibrated", stream="equipment/{equipment_id}")
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


@event("equipment.cleaned", stream="equipment/{equipment_id}")
@dataclass(frozen=True, slots=True)
class EquipmentCleaned:
    """Equipment was cleaned (21 CFR 211.67, logbook 211.182).

    Attributes:
        equipment_id: The number on its plate.
        clean_until: End of the validated clean-hold time (UTC): from then on it counts as dirty.
    """

    equipment_id: str
    clean_until: datetime


@event("equipment.soiled", stream="equipment/{equipment_id}")
@dataclass(frozen=True, slots=True)
class EquipmentSoiled:
    """Equipment was used for a batch and must be cleaned before another product.

    Attributes:
        equipment_id: The number on its plate.
        batch_id: The batch that it was used for.
    """

    equipment_id: str
    batch_id: str


@event("equipment.state.entered", stream="equipment/{equipment_id}")
@dataclass(frozen=True, slots=True)
class EquipmentStateEntered:
    """Equipment came into a state; the one before ends with it.

    Attributes:
        equipment_id: The number on its plate.
        state: `idle`, `setup`, `busy`, `cleaning`, `maintenance` or `down` (ISO 22400-2 times).
        batch_id: The batch that it was for; empty for none.
    """

    equipment_id: str
    state: str
    batch_id: str = ""


@event("equipment.clean_hold.expired", stream="equipment/{equipment_id}")
@dataclass(frozen=True, slots=True)
class CleanHoldExpired:
    """The validated clean-hold time ran out: it counts as dirty (21 CFR 211.67)."""

    equipment_id: str


@event("equipment.calibration.due", stream="equipment/{equipment_id}")
@dataclass(frozen=True, slots=True)
class CalibrationDue:
    """The calibration ran out, or is about to (21 CFR 211.68(a))."""

    equipment_id: str
