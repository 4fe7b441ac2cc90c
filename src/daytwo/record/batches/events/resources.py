"""Events of what went into a batch and came out of it: lots, equipment, yields, values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.catalogue import event


@event(
    "batch.material.consumed",
    stream="batch/{batch_id}",
    key=("batch_id", "material_code", "lot_id"),
)
@dataclass(frozen=True, slots=True)
class MaterialConsumed:
    """A lot went into a batch: one link of the genealogy."""

    batch_id: str
    material_code: str
    lot_id: str
    quantity: Quantity | None = None
    step_id: str | None = None


@event("batch.equipment.used", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class EquipmentUsed:
    """Equipment was assigned to a batch: one line of its logbook (21 CFR 211.182)."""

    batch_id: str
    equipment_id: str
    equipment_class: str = ""
    step_id: str = ""


@event("batch.yield.recorded", stream="batch/{batch_id}", key=("batch_id", "name"))
@dataclass(frozen=True, slots=True)
class YieldRecorded:
    """An actual yield and its percentage of the theoretical one (21 CFR 211.103)."""

    batch_id: str
    name: str
    actual: Quantity | None = None
    percent: str | None = None
    step_id: str | None = None


@event("batch.parameter.recorded", stream="batch/{batch_id}", key=("batch_id", "name"))
@dataclass(frozen=True, slots=True)
class ParameterRecorded:
    """A value of the process that another system reports for a whole batch."""

    batch_id: str
    name: str
    value: str
    unit: str


@event("batch.trace.recorded", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class TraceRecorded:
    """A stretch of what a device recorded for a batch, many points in one event.

    Attributes:
        batch_id: The batch.
        name: The trace, such as `press`.
        started_at: Time of the first point, UTC.
        offsets_ms: For each point the milliseconds since the first.
        values: For each tag its values as written, one a point; empty where there was none.
        units: Unit of each tag that has one.
    """

    batch_id: str
    name: str
    started_at: datetime
    offsets_ms: tuple[int, ...]
    values: dict[str, list[str]]
    units: dict[str, str]
