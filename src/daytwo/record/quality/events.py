"""Events of classified discrepancies and of deviations."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event("quality.discrepancy.classified")
@dataclass(frozen=True, slots=True)
class DiscrepancyClassified:
    """Quality judged a discrepancy; `route` is comment, exception or deviation."""

    batch_id: str
    discrepancy_id: str
    route: str
    rationale: str


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


@event("quality.deviation.closed")
@dataclass(frozen=True, slots=True)
class DeviationClosed:
    """The investigation reached a cause and quality closed the deviation."""

    deviation_id: str
    batch_id: str
    root_cause: str
    category: str
