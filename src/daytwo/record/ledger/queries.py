"""Readings of import runs."""

from __future__ import annotations

from daytwo.record.ledger.models import ImportRun


def import_runs(limit: int = 100) -> list[ImportRun]:
    """Return the runs of imports, the latest first."""
    return list(ImportRun.objects.order_by("-event_seq")[:limit])
