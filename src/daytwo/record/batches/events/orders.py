"""Events of orders and batches as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from daytwo.kernel.clock import Day
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
        content_form: How what the signatures on its steps sign is written, a `ContentForm`.
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
    promised_on: Day | None
    steps: list[dict[str, Any]]
    content_form: int = 1


@event("batch.imported", stream="batch/{batch_id}", key=("batch_id",))
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
        order_id: The production order; empty where the source names none.
        mbr_id: Master batch record (recipe) as the source names it.
        mbr_version: Its version; 0 where the source does not say.
        line: Production line or work centre (ISA-95).
        promised_on: First promised release date, ISO; None when none was promised.
        planned_start: Planned start, UTC; None where the source does not say.
        planned_end: Planned end, UTC.
    """

    batch_id: str
    product_code: str
    product_name: str
    strength: str = ""
    size: Quantity | None = None
    started_on: str = ""
    started_precision: str = "unknown"
    source_status: str = ""
    order_id: str = ""
    mbr_id: str = ""
    mbr_version: int = 0
    line: str = ""
    promised_on: Day | None = None
    planned_start: datetime | None = None
    planned_end: datetime | None = None


@event("batch.started", stream="batch/{batch_id}", key=("batch_id",))
@dataclass(frozen=True, slots=True)
class BatchStarted:
    """The first step was begun."""

    batch_id: str


@event("batch.held", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class BatchHeld:
    """Nothing may be done on the batch until it is resumed; the reason is on the envelope."""

    batch_id: str


@event("batch.resumed", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class BatchResumed:
    """The hold ended."""

    batch_id: str


@event("batch.manufacture.ended", stream="batch/{batch_id}", key=("batch_id",))
@dataclass(frozen=True, slots=True)
class ManufactureEnded:
    """The last step of the procedure is done: the clock of release starts (K1)."""

    batch_id: str


@event("batch.record.completed", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class RecordCompleted:
    """Production reviewed the record, found it complete and submitted it to quality."""

    batch_id: str


@event("batch.comment.added", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class CommentAdded:
    """Somebody had something to say; a comment forces a human look at review."""

    batch_id: str
    step_id: str | None = None
    comment: str = ""


@event("batch.order.replanned", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class OrderReplanned:
    """The plan of an order was changed; the reason is on the envelope.

    Attributes:
        batch_id: The batch.
        planned_start: The new planned start, UTC.
        previous: The planned start before; None where it is not known.
    """

    batch_id: str
    planned_start: datetime
    previous: datetime | None = None


@event("batch.order.released", stream="batch/{batch_id}", key=("batch_id",))
@dataclass(frozen=True, slots=True)
class OrderReleased:
    """The order was released to the floor: it may be begun."""

    batch_id: str


@event("batch.aborted", stream="batch/{batch_id}", key=("batch_id",))
@dataclass(frozen=True, slots=True)
class BatchAborted:
    """Manufacture was given up; the reason is on the envelope."""

    batch_id: str


@event("batch.packaging.ended", stream="batch/{batch_id}", key=("batch_id",))
@dataclass(frozen=True, slots=True)
class PackagingEnded:
    """The last pack of the batch was made."""

    batch_id: str


@event("batch.rework.started", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class ReworkStarted:
    """The batch, or a part of it, is reworked or reprocessed (21 CFR 211.115)."""

    batch_id: str
    stage: str = ""


@event("order.placed", stream="order/{order_id}", key=("order_id",))
@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """The planning system asked for a quantity of a product (ISA-95 operations request).

    Attributes:
        order_id: The production order.
        product_code: Of the product.
        quantity: How much; None where the source does not say.
        due_on: When it is due, ISO; None where the source does not say.
    """

    order_id: str
    product_code: str
    quantity: Quantity | None = None
    due_on: Day | None = None
