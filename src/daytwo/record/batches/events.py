"""Events of orders, batches, steps, discrepancies and genealogy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.catalogue import event


@event("batch.planned")
@dataclass(frozen=True, slots=True)
class BatchPlanned:
    """An order was issued: the batch has a number and a frozen copy of the approved master.

    Attributes:
        batch_id: The batch (lot) number.
        order_id: The production order.
        product_code: Of the product.
        product_name: Of the product.
        strength: As printed, such as `50 mg`; empty where there is none.
        size: Batch size.
        mbr_id: The master batch record.
        mbr_version: Its version.
        mbr_hash: SHA-256 of the approved content (21 CFR 211.188(a)).
        promised_on: First promised release date, ISO; None when none was promised.
        steps: Step ids in order.
    """

    batch_id: str
    order_id: str
    product_code: str
    product_name: str
    strength: str
    size: Quantity
    mbr_id: str
    mbr_version: int
    mbr_hash: str
    promised_on: str | None
    steps: list[dict[str, Any]]


@event("batch.imported")
@dataclass(frozen=True, slots=True)
class BatchImported:
    """A batch that another system executed, as its export tells of it.

    Attributes:
        batch_id: The batch (lot) number.
        product_code: Of the product.
        product_name: Of the product; the code again where the source has no name.
        strength: As the source prints it, made whole by the mapping.
        size: Batch size; None where the source does not say.
        started_on: ISO date, year and month, or instant; empty where the source does not say.
        started_precision: `month`, `day`, `instant` or `unknown`.
        source_status: What the source says of its state; empty when nothing.
    """

    batch_id: str
    product_code: str
    product_name: str
    strength: str
    size: Quantity | None
    started_on: str
    started_precision: str
    source_status: str


@event("batch.started")
@dataclass(frozen=True, slots=True)
class BatchStarted:
    """The first step was begun."""

    batch_id: str


@event("batch.held")
@dataclass(frozen=True, slots=True)
class BatchHeld:
    """Nothing may be done on the batch until it is resumed; the reason is on the envelope."""

    batch_id: str


@event("batch.resumed")
@dataclass(frozen=True, slots=True)
class BatchResumed:
    """The hold ended."""

    batch_id: str


@event("batch.manufacture.ended")
@dataclass(frozen=True, slots=True)
class ManufactureEnded:
    """The last step of the procedure is done: the clock of release starts (K1)."""

    batch_id: str


@event("batch.record.completed")
@dataclass(frozen=True, slots=True)
class RecordCompleted:
    """Production reviewed the record, found it complete and submitted it to quality."""

    batch_id: str


@event("batch.comment.added")
@dataclass(frozen=True, slots=True)
class CommentAdded:
    """Somebody had something to say; a comment forces a human look at review."""

    batch_id: str
    step_id: str | None
    comment: str


@event("batch.step.offered")
@dataclass(frozen=True, slots=True)
class StepOffered:
    """The step may be done from now on."""

    batch_id: str
    step_id: str


@event("batch.step.claimed")
@dataclass(frozen=True, slots=True)
class StepClaimed:
    """A person has begun the step."""

    batch_id: str
    step_id: str


@event("batch.step.value_entered")
@dataclass(frozen=True, slots=True)
class ValueEntered:
    """What was entered, normalised but as written; `method` is manual, device or interface."""

    batch_id: str
    step_id: str
    entry: dict[str, str]
    result: dict[str, str]
    method: str


@event("batch.step.completed")
@dataclass(frozen=True, slots=True)
class StepCompleted:
    """The step is done; `outcome` is `conforming` or `discrepant`."""

    batch_id: str
    step_id: str
    outcome: str
    verification_due: bool


@event("batch.step.verified")
@dataclass(frozen=True, slots=True)
class StepVerified:
    """A second person has checked the step."""

    batch_id: str
    step_id: str


@event("batch.step.corrected")
@dataclass(frozen=True, slots=True)
class StepCorrected:
    """An entry was corrected after sign-off; the old one stays readable, the reason is given."""

    batch_id: str
    step_id: str
    old: dict[str, str]
    entry: dict[str, str]
    result: dict[str, str]
    verification_due: bool


@event("batch.material.consumed")
@dataclass(frozen=True, slots=True)
class MaterialConsumed:
    """A lot went into a batch: one link of the genealogy."""

    batch_id: str
    material_code: str
    lot_id: str
    quantity: Quantity | None
    step_id: str | None = None


@event("batch.equipment.used")
@dataclass(frozen=True, slots=True)
class EquipmentUsed:
    """Equipment was assigned to a batch: one line of its logbook (21 CFR 211.182)."""

    batch_id: str
    equipment_id: str
    equipment_class: str
    step_id: str


@event("batch.yield.recorded")
@dataclass(frozen=True, slots=True)
class YieldRecorded:
    """An actual yield and its percentage of the theoretical one (21 CFR 211.103)."""

    batch_id: str
    name: str
    actual: Quantity | None
    percent: str | None
    step_id: str | None = None


@event("batch.parameter.recorded")
@dataclass(frozen=True, slots=True)
class ParameterRecorded:
    """A value of the process that another system reports for a whole batch."""

    batch_id: str
    name: str
    value: str
    unit: str


@event("batch.discrepancy.raised")
@dataclass(frozen=True, slots=True)
class DiscrepancyRaised:
    """Something is not as it should be; typed, so that causes can be counted later.

    Attributes:
        batch_id: The batch.
        discrepancy_id: `<batch>/<number>`.
        step_id: Where; None for the batch as a whole.
        discrepancy_class: A `DiscrepancyClass`.
        code: The kind within its class, such as `action_limit`.
        severity: `minor` or `major`, as the table of kinds has it.
        description: What happened, with values and limits.
        blocking: No further step is offered until it is answered.
    """

    batch_id: str
    discrepancy_id: str
    step_id: str | None
    discrepancy_class: str
    code: str
    severity: str
    description: str
    blocking: bool


@event("batch.discrepancy.answered")
@dataclass(frozen=True, slots=True)
class DiscrepancyAnswered:
    """A supervisor looked, did what was needed, and says what."""

    batch_id: str
    discrepancy_id: str
    answer: str
