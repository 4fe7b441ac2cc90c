"""States of a batch, of its record and of a step; classes of discrepancies."""

from __future__ import annotations

from enum import IntEnum, StrEnum


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


class ContentForm(IntEnum):
    """How the content that a step's signatures sign is written; a batch keeps its form for good.

    What was signed in an older form is recomputed in that form: a digest never goes stale because
    the house learnt to show more.
    """

    NUMBERED = 1
    """Items of a line clearance by their number alone."""
    WORDED = 2
    """Items of a line clearance with their words (21 CFR 11.70, 211.130)."""


class DiscrepancyClass(StrEnum):
    """What kind of thing is not as it should be."""

    VALUE = "value"
    PROCEDURE = "procedure"
    RESOURCE = "resource"
    INTEGRITY = "integrity"
    INTERFACE = "interface"
    SIGNAL = "signal"
