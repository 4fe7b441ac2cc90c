"""Figures that need no fine print: plain counts and medians of what is exported."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.plant.calendar import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.doors.simulator.export.snapshot import Snapshot
    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.calendar import Calendar


def figures(
    shot: Snapshot, batches: Sequence[Batch], end: int, calendar: Calendar
) -> dict[str, Any]:
    """Return the figures of the whole period."""
    started = [b for b in batches if b.started is not None and b.started <= end]
    ended = [b for b in started if b.ended is not None and b.ended <= end]
    decided = [b for b in started if b.decided is not None and b.decided <= end]
    released = [b for b in decided if b.decision == "released"]
    days = [
        calendar.hours(b.ended, b.decided) * HOUR / DAY
        for b in released
        if b.ended is not None and b.decided is not None
    ]
    deviations, oos = shot["qms/deviations.csv"], shot["lims/oos.csv"]
    closed = [row for row in deviations if row.get("closed") is not None]
    results, capas = shot["lims/results.csv"], shot["qms/capas.csv"]
    return {
        "batches_started": len(started),
        "batches_ended": len(ended),
        "batches_released": len(released),
        "batches_rejected": len([b for b in decided if b.decision == "rejected"]),
        "batches_aborted": len([b for b in started if _aborted(b, end)]),
        "batches_open": len([b for b in ended if b not in decided]),
        "release_days_median": round(median(days), 6) if days else None,
        "deviations_opened": len(deviations),
        "deviations_closed": len(closed),
        "deviations_closed_on_time": len([r for r in closed if _on_time(r)]),
        "capas_opened": len(capas),
        "capas_closed": len([row for row in capas if row.get("closed") is not None]),
        "tests_entered": len([row for row in results if row.get("entered") is not None]),
        "tests_final": len([row for row in results if row.get("final") is not None]),
        "oos_opened": len(oos),
        "oos_invalidated": len([r for r in oos if _decided(r, "invalidated")]),
        "oos_confirmed": len([r for r in oos if _decided(r, "confirmed")]),
        "steps": len(shot["mes/steps.csv"]),
        "steps_completed": len([r for r in shot["mes/steps.csv"] if r.get("completed")]),
        "corrections": len(shot["mes/corrections.csv"]),
        "signatures": len(shot["mes/signatures.csv"]),
        "exceptions": len(shot["mes/exceptions.csv"]),
        "complaints": len(shot["qms/complaints.csv"]),
        "units_shipped": sum(int(row["units"]) for row in shot["erp/shipments.tsv"]),
        "batches_reworked": len([b for b in ended if b.reworked]),
        "batches_without_correction_after_signoff": _clean(shot, decided),
    }


def _aborted(batch: Batch, end: int) -> bool:
    return batch.aborted and batch.row["aborted"] <= end


def _on_time(row: dict[str, Any]) -> bool:
    """Tell whether a deviation was closed not after the day that was promised first."""
    return bool(row["closed"] // DAY <= row["due_first"] // DAY)


def _decided(row: dict[str, Any], outcome: str) -> bool:
    return row.get("decided") is not None and row["outcome"] == outcome


def _clean(shot: Snapshot, decided: Sequence[Batch]) -> int:
    corrected = {
        row["batch_no"] for row in shot["mes/corrections.csv"] if row["after_signoff"] == "Y"
    }
    return len([b for b in decided if not b.aborted and b.number not in corrected])
