"""Readings of classifications and deviations, and what is signed on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.kernel.canonical import digest
from daytwo.kernel.errors import Unknown
from daytwo.record.batches.queries import discrepancies
from daytwo.record.quality.enums import DeviationState
from daytwo.record.quality.models import Classification, Deviation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.record.batches.models import Discrepancy


def classifications(batch_id: str) -> dict[str, Classification]:
    """Return a batch's classifications by discrepancy id."""
    rows = Classification.objects.filter(batch_id=batch_id)
    return {row.discrepancy_id: row for row in rows}


def classifications_of(batch_ids: Sequence[str]) -> list[Classification]:
    """Return the classifications of several batches."""
    return list(Classification.objects.filter(batch_id__in=batch_ids))


def unclassified(batch_id: str) -> list[Discrepancy]:
    """Return the discrepancies that quality has not judged yet."""
    judged = classifications(batch_id)
    return [row for row in discrepancies(batch_id) if row.id not in judged]


def deviation(deviation_id: str) -> Deviation:
    """Return one deviation; `Unknown` when there is none of this number."""
    row = Deviation.objects.filter(id=deviation_id).first()
    if row is None:
        raise Unknown("deviation.unknown", f"There is no deviation {deviation_id}.")
    return row


def deviations(batch_id: str = "", *, open_only: bool = False) -> list[Deviation]:
    """Return deviations, the oldest open ones first."""
    rows = Deviation.objects.order_by("closed_at", "opened_at")
    rows = rows.filter(batch_id=batch_id) if batch_id else rows
    return list(rows.filter(state=DeviationState.OPEN) if open_only else rows)


def open_deviations_of(batch_ids: Sequence[str]) -> list[Deviation]:
    """Return the open deviations of several batches, the oldest first."""
    rows = Deviation.objects.filter(batch_id__in=batch_ids, state=DeviationState.OPEN)
    return list(rows.order_by("closed_at", "opened_at"))


def classification_content(
    row: Discrepancy, route: str, rationale: str, classification: str
) -> dict[str, Any]:
    """Return what classifying a discrepancy signs; the class is empty unless a deviation."""
    return {
        "batch": row.batch_id,
        "discrepancy": row.id,
        "description": row.description,
        "answer": row.answer,
        "route": route,
        "classification": classification,
        "rationale": rationale,
    }


def closing_content(row: Deviation, root_cause: str, category: str) -> dict[str, Any]:
    """Return what closing a deviation signs."""
    return {
        "deviation": row.id,
        "batch": row.batch_id,
        "title": row.title,
        "classification": row.classification,
        "root_cause": root_cause,
        "category": category,
    }


def quality_digests(batch_id: str, *, until: str | None = None) -> dict[str, str]:
    """Return the SHA-256 of each judgement's present content, by subject.

    Args:
        batch_id: The batch.
        until: Leave out deviations closed after this instant (canonical UTC text).
    """
    judged = classifications(batch_id)
    opened = deviations(batch_id)
    classes = {row.discrepancy_id: row.classification for row in opened}
    digests = {
        f"classification/{row.number}": digest(
            classification_content(
                row, judged[row.id].route, judged[row.id].rationale, classes.get(row.id, "")
            )
        )
        for row in discrepancies(batch_id)
        if row.id in judged
    }
    for row in opened:
        if row.closed_at and (until is None or row.closed_at <= until):
            content = closing_content(row, row.root_cause, row.category)
            digests[f"deviation/{row.id}"] = digest(content)
    return digests
