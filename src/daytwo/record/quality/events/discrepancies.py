"""Events of discrepancies that quality judged."""

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
