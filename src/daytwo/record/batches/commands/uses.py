"""What a step uses and gives: lots and equipment, asked whether they may; yields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings

from daytwo.kernel.errors import Unknown
from daytwo.kernel.quantity import Quantity
from daytwo.record.batches.errors import EntryRefused, StepRefused
from daytwo.record.batches.events import EquipmentUsed, MaterialConsumed, YieldRecorded
from daytwo.record.ledger.append import Pending
from daytwo.record.recipes.document import CheckEquipment, Weigh, Yield
from daytwo.record.resources.events import EquipmentSoiled
from daytwo.record.resources.queries import equipment_state, lot_state
from daytwo.record.resources.rules import check_equipment, check_lot

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from daytwo.record.batches.models import BatchStep
    from daytwo.record.batches.rules.entries import Outcome
    from daytwo.record.recipes.document import Step
    from daytwo.record.resources.rules import EquipmentState

T = TypeVar("T")


def uses_of(batch_id: str, of: Step, outcome: Outcome, at: datetime) -> list[Pending]:
    """Check lot and equipment of an entry and return the events of their use.

    Args:
        batch_id: The batch.
        of: The step of the approved master.
        outcome: What the entry comes to.
        at: When, UTC.
    """
    stream = f"batch/{batch_id}"
    if isinstance(of, Weigh):
        net = Quantity.parse(outcome.result["net"])
        lot = _scanned(lot_state, outcome, "lot")
        check_lot(lot, of.material, net, site_day(at))
        balance = _scanned(equipment_state, outcome, "balance")
        check_equipment(
            balance, of.equipment_class, at, batch_id=batch_id, calibrated=True, clean=False
        )
        return [Pending(stream, MaterialConsumed(batch_id, of.material, lot.lot_id, net, of.id))]
    if isinstance(of, CheckEquipment):
        equipment = _scanned(equipment_state, outcome, "equipment")
        return _equipment_used(batch_id, of, equipment, at)
    if isinstance(of, Yield):
        return [Pending(stream, _yield_event(batch_id, of, outcome))]
    return []


def corrected_uses(row: BatchStep, of: Step, outcome: Outcome, at: datetime) -> list[Pending]:
    """Return what a correction changes in the use of a lot, or in a yield.

    Args:
        row: The step as it stands.
        of: The step of the approved master.
        outcome: What the new entry comes to.
        at: When, UTC.
    """
    stream = f"batch/{row.batch_id}"
    if isinstance(of, Yield):
        return [Pending(stream, _yield_event(row.batch_id, of, outcome))]
    if not isinstance(of, Weigh):
        return []
    old: dict[str, str] = json.loads(row.entry)
    if (outcome.entry["lot"], outcome.entry["balance"]) != (old["lot"], old["balance"]):
        raise StepRefused("lot_fixed", "Lot and balance of a weighing stand; report what is wrong.")
    more = Quantity.parse(outcome.result["net"]) - Quantity.parse(json.loads(row.result)["net"])
    lot = _scanned(lot_state, outcome, "lot")
    if more.value > 0:
        check_lot(lot, of.material, more, site_day(at))
    return [Pending(stream, MaterialConsumed(row.batch_id, of.material, lot.lot_id, more, of.id))]


def site_day(at: datetime) -> date:
    """Return the day of the site's calendar at an instant: an expiry date is one of its days."""
    return at.astimezone(ZoneInfo(settings.SITE_TIME_ZONE)).date()


def _scanned(find: Callable[[str], T], outcome: Outcome, field: str) -> T:
    """Return what a scanned number stands for; an unknown one is a refusal of that field."""
    try:
        return find(outcome.entry[field])
    except Unknown as unknown:
        raise EntryRefused("unknown", field, unknown.detail) from unknown


def _equipment_used(
    batch_id: str, of: CheckEquipment, equipment: EquipmentState, at: datetime
) -> list[Pending]:
    check_equipment(
        equipment,
        of.equipment_class,
        at,
        batch_id=batch_id,
        calibrated=of.calibrated,
        clean=of.clean,
    )
    name = equipment.equipment_id
    used = EquipmentUsed(batch_id, name, of.equipment_class, of.id)
    pendings = [Pending(f"batch/{batch_id}", used)]
    if of.clean and equipment.soiled_by != batch_id:
        pendings.append(Pending(f"equipment/{name}", EquipmentSoiled(name, batch_id)))
    return pendings


def _yield_event(batch_id: str, of: Yield, outcome: Outcome) -> YieldRecorded:
    actual = Quantity.parse(outcome.result["actual"])
    percent = str(Quantity.parse(outcome.result["percent"]).value)
    return YieldRecorded(batch_id, of.name or of.id, actual, percent, of.id)
