"""Events of deviations, from what happened to the closed investigation (21 CFR 211.192)."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.kernel.clock import Day
from daytwo.record.ledger.catalogue import event


@event("quality.deviation.opened")
@dataclass(frozen=True, slots=True)
class DeviationOpened:
    """A discrepancy became a deviation; times are those of the discrepancy, UTC text."""

    deviation_id: str
    batch_id: str
    discrepancy_id: str
    classification: str
    title: str
    detected_at: str


@event("quality.deviation.closed", stream="deviation/{deviation_id}", key=("deviation_id",))
@dataclass(frozen=True, slots=True)
class DeviationClosed:
    """The investigation reached a cause and quality closed the deviation."""

    deviation_id: str
    batch_id: str = ""
    root_cause: str = ""
    category: str = ""


@event("quality.deviation.occurred", stream="deviation/{deviation_id}", key=("deviation_id",))
@dataclass(frozen=True, slots=True)
class DeviationOccurred:
    """When it happened, as the investigation found: often before anybody saw it."""

    deviation_id: str


@event("quality.deviation.detected", stream="deviation/{deviation_id}", key=("deviation_id",))
@dataclass(frozen=True, slots=True)
class DeviationDetected:
    """When somebody saw it: the clock of its resolution starts here (K10)."""

    deviation_id: str


@event("quality.deviation.recorded", stream="deviation/{deviation_id}", key=("deviation_id",))
@dataclass(frozen=True, slots=True)
class DeviationRecorded:
    """A deviation was entered in the quality system.

    Attributes:
        deviation_id: Its number.
        title: In a line.
        batch_id: The batch; empty where it concerns none.
        discrepancy_id: The discrepancy that it came from; empty where there is none.
        description: What happened, in the words of whoever wrote it.
        area: Where: area, department or organisation.
        process: In which process or product.
        equipment_id: The equipment concerned; empty where none is named.
        severity: `minor`, `major` or `critical`, or the source's own word; empty until triaged.
        due_on: First promised date of closure, ISO: frozen, extensions count as late.
    """

    deviation_id: str
    title: str = ""
    batch_id: str = ""
    discrepancy_id: str = ""
    description: str = ""
    area: str = ""
    process: str = ""
    equipment_id: str = ""
    severity: str = ""
    due_on: Day | None = None


@event("quality.deviation.triaged", stream="deviation/{deviation_id}", key=("deviation_id",))
@dataclass(frozen=True, slots=True)
class DeviationTriaged:
    """Its severity was judged: minor, major or critical, with the rationale."""

    deviation_id: str
    severity: str
    rationale: str = ""


@event("quality.deviation.assigned", stream="deviation/{deviation_id}")
@dataclass(frozen=True, slots=True)
class DeviationAssigned:
    """The investigation was given to somebody: its clock starts (K11)."""

    deviation_id: str
    owner: str = ""


@event(
    "quality.deviation.root_cause_approved",
    stream="deviation/{deviation_id}",
    key=("deviation_id",),
)
@dataclass(frozen=True, slots=True)
class RootCauseApproved:
    """The cause was found and accepted.

    Attributes:
        deviation_id: The deviation.
        root_cause: In words, or the source's code.
        category: Kind of cause, such as `equipment` or `human_error`; empty: none assigned.
        method: How it was found, such as `5-why`.
    """

    deviation_id: str
    root_cause: str = ""
    category: str = ""
    method: str = ""


@event("quality.deviation.due_date_moved", stream="deviation/{deviation_id}")
@dataclass(frozen=True, slots=True)
class DeviationDueDateMoved:
    """The date of closure was moved; the first one stays the one that counts (K14)."""

    deviation_id: str
    due_on: Day
    previous: Day | None = None


@event("quality.deviation.reopened", stream="deviation/{deviation_id}")
@dataclass(frozen=True, slots=True)
class DeviationReopened:
    """A closed deviation was taken up again."""

    deviation_id: str
