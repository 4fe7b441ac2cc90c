"""Lots and equipment: receive, release, register, calibrate, clean; logbook."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from daytwo.doors.api.acts import acts, reading
from daytwo.doors.api.shapes.batches import EquipmentUseOut
from daytwo.doors.api.shapes.records import EquipmentOut, LotOut
from daytwo.record.access.enums import Permission
from daytwo.record.batches.queries import logbook as uses
from daytwo.record.resources import commands, queries

router = Router()
acts(
    router,
    commands.receive_lot,
    commands.set_lot_status,
    commands.register_equipment,
    commands.record_calibration,
    commands.record_cleaning,
)


@reading(router, "/lots", Permission.RESOURCE_READ, list[LotOut])
def lots(
    request: HttpRequest,  # noqa: ARG001 - ninja's form
    material_code: Annotated[str, Query(max_length=100)] = "",
) -> Any:
    """Return the lots, of one material or all, those that expire first in front."""
    return queries.lots(material_code)


@reading(router, "/equipment", Permission.RESOURCE_READ, list[EquipmentOut])
def equipment(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Return every piece of equipment, by class and id."""
    return queries.all_equipment()


@reading(router, "/logbook/{path:equipment_id}", Permission.RESOURCE_READ, list[EquipmentUseOut])
def logbook(request: HttpRequest, equipment_id: str) -> Any:  # noqa: ARG001 - ninja's form
    """Return the uses of a piece of equipment, oldest first (21 CFR 211.182)."""
    queries.equipment_state(equipment_id)
    return uses(equipment_id)
