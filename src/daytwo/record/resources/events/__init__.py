"""What happens to material lots, equipment and staff (ISA-95 resources)."""

from daytwo.record.resources.events.equipment import (
    CalibrationDue,
    CleanHoldExpired,
    EquipmentCalibrated,
    EquipmentCleaned,
    EquipmentRegistered,
    EquipmentSoiled,
    EquipmentStateEntered,
)
from daytwo.record.resources.events.lots import (
    MaterialLotReceived,
    MaterialLotStatusChanged,
)
from daytwo.record.resources.events.staff import (
    ShiftWorked,
    StaffMemberRegistered,
    StaffQualified,
)

__all__ = [
    "CalibrationDue",
    "CleanHoldExpired",
    "EquipmentCalibrated",
    "EquipmentCleaned",
    "EquipmentRegistered",
    "EquipmentSoiled",
    "EquipmentStateEntered",
    "MaterialLotReceived",
    "MaterialLotStatusChanged",
    "ShiftWorked",
    "StaffMemberRegistered",
    "StaffQualified",
]
