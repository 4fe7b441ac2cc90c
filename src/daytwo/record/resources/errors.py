"""What the use of lots and equipment refuses, in words."""

from __future__ import annotations

from daytwo.kernel.errors import Refused


class LotRefused(Refused):
    """A material lot may not be used so."""

    def __init__(self, code: str, lot_id: str, detail: str) -> None:
        """Say why, and about which lot."""
        super().__init__(f"lot.{code}", f"Lot {lot_id}: {detail}", {"lot": lot_id})


class EquipmentRefused(Refused):
    """Equipment may not be used so."""

    def __init__(self, code: str, equipment_id: str, detail: str) -> None:
        """Say why, and about which equipment."""
        info = {"equipment": equipment_id}
        super().__init__(f"equipment.{code}", f"{equipment_id}: {detail}", info)
