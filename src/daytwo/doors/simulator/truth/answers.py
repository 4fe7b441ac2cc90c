"""`answers.json`: everything that is true of a plant, written apart from what it exports."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.truth import causes, kpis, work
from daytwo.doors.simulator.truth.path import critical_path, described, legs

if TYPE_CHECKING:
    from collections import Counter

    from daytwo.doors.simulator.export.dirt import Dirt
    from daytwo.doors.simulator.export.snapshot import Snapshot
    from daytwo.doors.simulator.export.write import Written
    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.site import Site

FORMAT = "daytwo/answers/1"


def answers(site: Site, shot: Snapshot, planted_traces: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is true; the site has run on past the end of the period."""
    counts = work.by_batch(shot)
    batches = [
        batch for batch in site.batches if batch.started is not None and batch.started <= site.end
    ]
    described_batches = [_batch(site, batch, counts[batch.number]) for batch in batches]
    return {
        "format": FORMAT,
        "meta": _meta(site),
        "kpis": kpis.figures(shot, batches, site.end, site.calendar),
        "waiting_days": _summed(described_batches),
        "batches": described_batches,
        "deviations": causes.deviations(shot),
        "capas": causes.capas(shot, site),
        "improvements": causes.improvements(site),
        "anomalies": causes.anomalies(site),
        "historian": planted_traces,
        "mbr_changes": causes.mbr_changes(shot, site),
        "decay": causes.decay(site),
        "labour": work.labour(shot, site.calendar),
        "lots": causes.lots(shot, site),
    }


def accounts(files: list[Written], dirt: list[Dirt], repeats: dict[str, int]) -> dict[str, Any]:
    """Return what an import must account for: rows, repeats and unreadable cells of each file."""
    lines = {file.name: file.lines for file in files}
    listed = [
        {
            "file": d.file,
            "row": lines[d.file][d.index],
            "field": d.field,
            "why": d.why,
            "scope": d.scope,
        }
        for d in dirt
    ]
    return {
        "counts": {
            file.name: {
                "rows": file.rows,
                "duplicates": repeats.get(file.name, 0),
                "dirt": sum(entry["file"] == file.name for entry in listed),
            }
            for file in files
        },
        "dirt": listed,
    }


def _meta(site: Site) -> dict[str, Any]:
    parameters = asdict(site.parameters)
    parameters["start"] = site.parameters.start.isoformat()
    return {
        "seed": site.parameters.seed,
        "parameters": parameters,
        "period": {"from": site.calendar.iso(0), "to": site.calendar.iso(site.end)},
        "go_live": site.calendar.iso(0),
        "time_zone": site.parameters.time_zone,
    }


def _batch(site: Site, batch: Batch, count: Counter[str]) -> dict[str, Any]:
    iso, end = site.calendar.iso, site.end
    path = critical_path(batch, end)
    decided = batch.decided if batch.decided is not None and batch.decided <= end else None
    ended = batch.ended if batch.ended is not None and batch.ended <= end else None
    later = batch.decided if decided is None else None
    return {
        "batch_no": batch.number,
        "product": batch.product.code,
        "line": batch.product.line,
        "mbr": batch.product.mbr,
        "version": str(batch.version),
        "started": iso(batch.started),
        "ended": iso(ended),
        "packaging_end": iso(batch.packed) if ended is not None else None,
        "decided": iso(decided),
        "decision": batch.decision if decided is not None else None,
        "decided_after_the_period": iso(later),
        "decision_after_the_period": batch.decision if later is not None else None,
        "aborted": batch.aborted and batch.row["aborted"] <= end,
        "reworked": batch.reworked and ended is not None,
        "rejected": decided is not None and batch.decision == "rejected",
        "deviations": count["deviations"],
        "exceptions": count["exceptions"],
        "corrections": count["corrections"],
        "corrections_after_signoff": count["corrections_after_signoff"],
        "late_entries": count["late_entries"],
        "workaround_steps": count["workaround_steps"],
        "paper_steps": count["paper_steps"],
        "signatures": count["signatures"],
        "steps": count["steps"],
        "legs": legs(path, site.calendar),
        "critical_path": described(path, site.calendar),
    }


def _summed(batches: list[dict[str, Any]]) -> dict[str, float]:
    """Return the days that all batches together waited for each cause."""
    names = batches[0]["legs"] if batches else {}
    return {
        name.removesuffix("_h") + "_d": round(sum(b["legs"][name] for b in batches) / 24, 4)
        for name in names
    }
