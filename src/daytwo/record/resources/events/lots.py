"""What happens to material lots."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.kernel.clock import Day
from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.catalogue import event


@event("material.lot.received", stream="lot/{lot_id}", key=("lot_id",))
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
    expires_on: Day | None = None
    potency_percent: str | None = None


@event("material.lot.status_changed", stream="lot/{lot_id}")
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
    previous: str = ""
