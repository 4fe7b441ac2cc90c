"""Readings for review and disposition: queue, exceptions, blockers, the whole signed record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daytwo.kernel.canonical import digest
from daytwo.record.access.queries import SignatureView, signatures
from daytwo.record.batches.enums import RecordState
from daytwo.record.batches.queries import (
    batches_in_record_state,
    comment_counts,
    comments,
    content_digests,
    discrepancies,
    discrepancies_of,
    master,
    open_step_counts,
    record_content,
    steps,
)
from daytwo.record.quality.queries import (
    classifications,
    classifications_of,
    open_deviations_of,
    quality_digests,
)
from daytwo.record.recipes.enums import Criticality
from daytwo.record.release.models import Disposition, Review
from daytwo.record.release.rules import Blocker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.record.batches.models import Batch, BatchStep, Comment, Discrepancy
    from daytwo.record.quality.models import Classification, Deviation

QUEUE_STATES = (RecordState.OPEN, RecordState.COMPLETED, RecordState.RETURNED, RecordState.REVIEWED)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A batch on its way to disposition, with what blocks it."""

    batch: Batch
    blockers: tuple[Blocker, ...]
    exceptions: int
    steps: int


@dataclass(frozen=True, slots=True)
class ReviewByException:
    """What a reviewer is shown, and the count of what conformed.

    Attributes:
        discrepancies: Each with its classification, if any.
        critical: Steps with a CPP or CQA.
        corrected: Steps with corrections.
        comments: Every comment; each forces a human look.
        void_signatures: Signatures whose content changed after signing.
        conforming: Steps with none of these.
    """

    discrepancies: tuple[tuple[Discrepancy, Classification | None], ...]
    critical: tuple[BatchStep, ...]
    corrected: tuple[BatchStep, ...]
    comments: tuple[Comment, ...]
    void_signatures: tuple[SignatureView, ...]
    conforming: int


def release_queue() -> list[QueueItem]:
    """Return the batches whose manufacture has ended and that are not disposed of."""
    rows = [row for row in batches_in_record_state(*QUEUE_STATES) if row.ended_at]
    at = _standings([row.id for row in rows])
    return [
        QueueItem(
            row,
            tuple(_disposition_blockers(row, at[row.id])),
            len(at[row.id].discrepancies) + at[row.id].comments,
            row.steps_total,
        )
        for row in rows
    ]


def review_blockers(row: Batch) -> list[Blocker]:
    """Return what stands between a batch and the end of its review."""
    return _review_blockers(row, _standings([row.id])[row.id])


def disposition_blockers(row: Batch) -> list[Blocker]:
    """Return what stands between a batch and its disposition."""
    return _disposition_blockers(row, _standings([row.id])[row.id])


@dataclass(slots=True)
class _Standing:
    """What the record holds of one batch that may stand in its way.

    Attributes:
        open_steps: How many are not done or not verified.
        comments: How many.
        discrepancies: All, in the order in which they were raised.
        judged: Ids of those that quality classified.
        deviations: Those that are open, the oldest first.
    """

    open_steps: int
    comments: int
    discrepancies: list[Discrepancy]
    judged: set[str]
    deviations: list[Deviation]


def _standings(batch_ids: Sequence[str]) -> dict[str, _Standing]:
    """Return how each batch stands, in as many statements for a hundred batches as for one."""
    open_, said = open_step_counts(batch_ids), comment_counts(batch_ids)
    at = {id_: _Standing(open_.get(id_, 0), said.get(id_, 0), [], set(), []) for id_ in batch_ids}
    for found in discrepancies_of(batch_ids):
        at[found.batch_id].discrepancies.append(found)
    for judgement in classifications_of(batch_ids):
        at[judgement.batch_id].judged.add(judgement.discrepancy_id)
    for deviation in open_deviations_of(batch_ids):
        at[deviation.batch_id].deviations.append(deviation)
    return at


def _review_blockers(row: Batch, at: _Standing) -> list[Blocker]:
    found = []
    if at.open_steps:
        steps = "1 step" if at.open_steps == 1 else f"{at.open_steps} steps"
        says = f"{steps} not done or not verified"
        found.append(Blocker("steps", says, f"batch/{row.id}"))
    if row.record_state in {RecordState.OPEN, RecordState.RETURNED}:
        found.append(Blocker("record", "Record not completed by production", f"batch/{row.id}"))
    found += [
        Blocker("unanswered", f"Exception {item.number} not answered", f"discrepancy/{item.id}")
        for item in at.discrepancies
        if item.answered_at is None
    ]
    found += [
        Blocker("unclassified", f"Exception {item.number} not judged", f"discrepancy/{item.id}")
        for item in at.discrepancies
        if item.id not in at.judged
    ]
    return found


def _disposition_blockers(row: Batch, at: _Standing) -> list[Blocker]:
    found = _review_blockers(row, at)
    if row.record_state != RecordState.REVIEWED:
        found.append(Blocker("review", "Not reviewed by quality", f"review/{row.id}"))
    for item in at.deviations:
        says = f"Deviation {item.id} open, {item.classification}"
        found.append(Blocker("deviation", says, f"deviation/{item.id}"))
    return found


def unsigned_blockers(row: Batch, subject: str) -> list[Blocker]:
    """Return a blocker when the last signature on a subject is not on what stands there now.

    Args:
        row: The batch.
        subject: `record` (production reviewed) or `review` (quality reviewed).

    References:
        21 CFR 11.70, 211.192; draft EU GMP Annex 11 (2025) §13.8: changed content is unsigned.
    """
    states = [s.state for s in all_signatures(row) if s.subject == subject]
    if states[-1:] == ["valid"]:
        return []
    says = f"The {subject} is not as it was signed"
    return [Blocker("unsigned", says, f"batch/{row.id}")]


def review_by_exception(row: Batch) -> ReviewByException:
    """Return what the reviewer must look at.

    References:
        21 CFR 211.192, 211.188; draft EU GMP Annex 11 (2025) §12.5-12.8.
    """
    judged = classifications(row.id)
    kinds = {p.step.id: p.step.criticality for p in master(row).steps()}
    rows = steps(row.id)
    critical = tuple(s for s in rows if kinds[s.step_id] in {Criticality.CPP, Criticality.CQA})
    corrected = tuple(s for s in rows if s.corrections)
    said = tuple(comments(row.id))
    found = tuple((d, judged.get(d.id)) for d in discrepancies(row.id))
    flagged = {s.step_id for s in (*critical, *corrected)}
    flagged |= {str(d.step_id) for d, _ in found} | {str(c.step_id) for c in said}
    void = tuple(s for s in all_signatures(row) if s.state != "valid")
    conforming = sum(s.step_id not in flagged for s in rows)
    return ReviewByException(found, critical, corrected, said, void, conforming)


def reviews(batch_id: str) -> list[Review]:
    """Return the readings of a record by quality, oldest first."""
    return list(Review.objects.filter(batch_id=batch_id).order_by("event_seq"))


def disposition(batch_id: str) -> Disposition | None:
    """Return the decision on a batch, or None."""
    return Disposition.objects.filter(batch_id=batch_id).first()


def review_content(row: Batch) -> dict[str, Any]:
    """Return what the review of quality signs: the record, and every judgement."""
    return {
        "record": record_content(row),
        "judgements_sha256": digest(_judgements(row.id)),
        "judgements": len(_judgements(row.id)),
    }


def decision_content(row: Batch, decision: str, rationale: str) -> dict[str, Any]:
    """Return what a disposition signs: the reviewed record, closed deviations, the decision.

    A rejected batch may have a deviation that is closed later: the investigation goes on (21 CFR
    211.192). That is not what the decision was signed on, so it is not part of it.
    """
    decided = disposition(row.id)
    until = decided.decided_at if decided else None
    return {
        "batch": row.id,
        "product": row.product_name,
        "review_sha256": digest(review_content(row)),
        "deviations_sha256": digest(quality_digests(row.id, until=until)),
        "decision": decision,
        "rationale": rationale,
    }


def all_signatures(row: Batch) -> list[SignatureView]:
    """Return every signature on a batch record, each judged against the present content."""
    contents = content_digests(row) | quality_digests(row.id)
    if contents:
        contents["review"] = digest(review_content(row))
        decided = disposition(row.id)
        if decided is not None:
            content = decision_content(row, decided.decision, decided.rationale)
            contents["disposition"] = digest(content)
    return signatures(f"batch/{row.id}", contents)


def _judgements(batch_id: str) -> dict[str, str]:
    found = quality_digests(batch_id)
    return {subject: sha for subject, sha in found.items() if subject.startswith("class")}
