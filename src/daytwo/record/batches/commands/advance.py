"""What follows from a step: discrepancies raised, the next step offered, manufacture ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.batches.enums import BatchState, StepState
from daytwo.record.batches.events import (
    BatchHeld,
    DiscrepancyRaised,
    ManufactureEnded,
    StepOffered,
)
from daytwo.record.batches.queries import next_discrepancy_number, step_states, unanswered
from daytwo.record.batches.rules.states import BATCH_TRANSITIONS
from daytwo.record.ledger.append import Pending
from daytwo.record.recipes.enums import OnException

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from daytwo.record.batches.models import Batch
    from daytwo.record.batches.queries import Place
    from daytwo.record.batches.rules.discrepancies import Finding
    from daytwo.record.recipes.document import Step


def raise_findings(row: Batch, of: Step, findings: Sequence[Finding]) -> list[Pending]:
    """Return the events that raise an entry's findings, and hold the batch where told to."""
    pendings = []
    stream = f"batch/{row.id}"
    first = next_discrepancy_number(row.id) if findings else 0
    for number, found in enumerate(findings, start=first):
        raised = discrepancy(row.id, number, of.id, found)
        pendings.append(Pending(stream, raised))
    blocking = next((found for found in findings if found.kind.blocking), None)
    # A correction may come when manufacture has ended: then there is no work left to hold.
    may_hold = BatchState.HELD in BATCH_TRANSITIONS[BatchState(row.state)]
    if of.on_exception is OnException.HOLD and blocking is not None and may_hold:
        reason = f"{of.id}: {blocking.description}"
        pendings.append(Pending(stream, BatchHeld(row.id), reason=reason))
    return pendings


def discrepancy(
    batch_id: str, number: int, step_id: str | None, found: Finding
) -> DiscrepancyRaised:
    """Return the event that raises one finding."""
    return DiscrepancyRaised(
        batch_id=batch_id,
        discrepancy_id=f"{batch_id}/{number}",
        step_id=step_id,
        discrepancy_class=str(found.kind.discrepancy_class),
        code=found.kind.code,
        severity=found.kind.severity,
        description=found.description,
        blocking=found.kind.blocking,
    )


def advance(
    row: Batch,
    becoming: Mapping[str, StepState],
    raised: Sequence[Pending],
    *,
    answered: Sequence[str] = (),
    resumed: bool = False,
    seen: Place | None = None,
) -> list[Pending]:
    """Offer the next step, or end manufacture, when nothing stands in the way.

    On a held batch nothing is offered and nothing ends: that waits until it is resumed.

    Args:
        row: The batch before this command.
        becoming: States that this command gives to steps.
        raised: Events of this command that may raise a blocking discrepancy.
        answered: Discrepancies that this command answers.
        resumed: This command ends the hold.
        seen: How the batch stood when this command read it; None to read it here.
    """
    if row.state == BatchState.HELD and not resumed:
        return []
    blocking = unanswered(row.id, blocking_only=True) if seen is None else seen.blocking
    raises = any(getattr(p.event, "blocking", False) for p in raised)
    if raises or set(blocking) - set(answered):
        return []
    before = step_states(row.id) if seen is None else seen.states
    states = before | {step: str(state) for step, state in becoming.items()}
    if any(s not in {StepState.VERIFIED, StepState.PENDING} for s in states.values()):
        return []
    stream = f"batch/{row.id}"
    following = next((step for step, s in states.items() if s == StepState.PENDING), None)
    if following is not None:
        return [Pending(stream, StepOffered(row.id, following))]
    if row.ended_at is None:
        return [Pending(stream, ManufactureEnded(row.id))]
    return []
