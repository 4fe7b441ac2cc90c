"""Readings of laboratory results."""

from __future__ import annotations

from daytwo.record.laboratory.models import Result


def results(subject_kind: str, subject_id: str) -> list[Result]:
    """Return the results of one batch or lot, by stage and test."""
    rows = Result.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return list(rows.order_by("stage", "test_code", "event_seq"))
