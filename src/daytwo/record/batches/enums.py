"""States of a batch, of its record and of a step; classes of discrepancies."""

from __future__ import annotations

from enum import StrEnum


class BatchState(StrEnum):
    """Procedural state of a batch (ISA-88)."""

    READY = "ready"
    RUNNING = "running"
    HELD = "held"
    COMPLETE = "complete"
    ABORTED = "aborted"
    IMPORTED = "imported"


class RecordState(StrEnum):
    """State of the batch record on its way from execution to disposition."""

    OPEN = "open"
    COMPLETED = "completed"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    RELEASED = "released"
    REJECTED = "rejected"
    IMPORTED = "imported"


class StepState(StrEnum):
    """State of a step; only an offered or claimed one can be done."""

    PENDING = "pending"
    OFFERED = "offered"
    CLAIMED = "claimed"
    DONE = "done"
    VERIFIED = "verified"


class DiscrepancyClass(StrEnum):
    """What kind of thing is not as it should be."""

    VALUE = "value"
    PROCEDURE = "procedure"
    RESOURCE = "resource"
    INTEGRITY = "integrity"
    INTERFACE = "interface"
    SIGNAL = "signal"
