"""Events of discrepancies."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event("batch.discrepancy.raised", stream="batch/{batch_id}", key=("discrepancy_id",))
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
    severity: str = "minor"
    description: str = ""
    blocking: bool = False


@event("batch.discrepancy.answered", stream="batch/{batch_id}", key=("discrepancy_id",))
@dataclass(frozen=True, slots=True)
class DiscrepancyAnswered:
    """A supervisor looked, did what was needed, and says what."""

    batch_id: str
    discrepancy_id: str
    answer: str = ""


@event("batch.discrepancy.closed", stream="batch/{batch_id}", key=("discrepancy_id",))
@dataclass(frozen=True, slots=True)
class DiscrepancyClosed:
    """Nothing is left to do about a discrepancy.

    Attributes:
        batch_id: The batch.
        discrepancy_id: Of the discrepancy.
        deviation_id: The deviation that it became; empty where it became none.
    """

    batch_id: str
    discrepancy_id: str
    deviation_id: str = ""
