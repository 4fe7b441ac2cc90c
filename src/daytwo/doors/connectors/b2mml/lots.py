"""Material lots as B2MML: status, quantity and what else the record knows of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from daytwo.doors.connectors.b2mml.transaction import transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daytwo.doors.connectors.b2mml.xmlout import Xml
    from daytwo.record.resources.models import MaterialLot


def write_lots(xml: Xml, lots: Iterable[MaterialLot]) -> int:
    """Write `ProcessMaterialLot`; return how many lots there are in it.

    References:
        B2MML version 7, MaterialLot; ISA-95.00.02, material lot.
    """
    count = 0
    with transaction(xml, "Process", "MaterialLot"):
        for lot in lots:
            _lot(xml, lot)
            count += 1
    return count


def _lot(xml: Xml, lot: MaterialLot) -> None:
    with xml.element("MaterialLot"):
        xml.leaf("ID", lot.id)
        xml.leaf("Description", lot.material_name)
        xml.leaf("MaterialDefinitionID", lot.material_code)
        xml.leaf("Status", lot.status)
        for name, text, unit in (
            ("received_at", lot.received_at, ""),
            ("received", lot.received, lot.unit),
            ("expires_on", lot.expires_on, ""),
            ("potency", lot.potency_percent, "%"),
            ("supplier", lot.supplier, ""),
        ):
            if text:
                with xml.element("MaterialLotProperty"):
                    xml.leaf("ID", name)
                    xml.value("Value", text, unit)
        if lot.received is not None:
            left = Decimal(lot.received) - Decimal(lot.used or "0")
            xml.quantity(format(left, "f"), lot.unit)
