"""True causes and effects: deviations, CAPAs, improvements, anomalies, lots, changes, decay."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.plant.calendar import DAY

if TYPE_CHECKING:
    from daytwo.doors.simulator.export.snapshot import Snapshot
    from daytwo.doors.simulator.plant.site import Site

YEAR = 365 * DAY
RATES = ("manual", "late", "paper", "override", "not_applicable")


def deviations(shot: Snapshot) -> list[dict[str, Any]]:
    """Return the true cause of each deviation.

    `repeat` says that one of the same true cause and process was recorded within 365 days before.
    """
    seen: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    found = []
    for row in shot["qms/deviations.csv"]:
        cause, key = row["_cause"], (row["_cause"].id, row["process"])
        before = [t for t in seen[key] if row["recorded"] - t <= YEAR]
        seen[key].append(row["recorded"])
        reported = row.get("category") if row.get("root_cause_approved") is not None else None
        found.append(
            {
                "dev_no": row["dev_no"],
                "batch_no": row["batch_no"],
                "true_cause": cause.id,
                "true_category": cause.category,
                "repeat_group": cause.group or None,
                "repeat": bool(before) and bool(cause.group),
                "reported_category": reported,
            }
        )
    return found


def capas(shot: Snapshot, site: Site) -> list[dict[str, Any]]:
    """Return whether each CAPA truly takes its cause away once it is closed."""
    residual = site.parameters.quality.capa_residual
    return [
        {
            "capa_no": row["capa_no"],
            "dev_no": row["dev_no"],
            "true_cause": row["_cause"].id,
            "effective": row["_effective"],
            "factor_on_cause_rate": residual if row["_effective"] else 1.0,
            "closed": site.calendar.iso(row.get("closed")),
        }
        for row in shot["qms/capas.csv"]
    ]


def improvements(site: Site) -> list[dict[str, Any]]:
    """Return the planted improvements, real and sham, with their true factor."""
    return [
        {
            "id": entry["id"],
            "title": entry["title"],
            "kind": entry["kind"],
            "at": site.calendar.iso(entry["t"]),
            "metric": entry["metric"],
            "lever": entry["lever"],
            "scope": entry["scope"] or None,
            "true_factor": entry["factor"],
            "change_no": entry.get("change_no"),
        }
        for entry in site.conditions.improvements
    ]


def anomalies(site: Site) -> list[dict[str, Any]]:
    """Return the planted anomalies that had begun by the end of the period."""
    return [
        {**entry, "onset": site.calendar.iso(entry["onset"])}
        for entry in site.truth["anomalies"]
        if entry["onset"] <= site.end
    ]


def lots(shot: Snapshot, site: Site) -> list[dict[str, Any]]:
    """Return each lot with its hidden quality and the batches that it went into."""
    used: defaultdict[str, set[str]] = defaultdict(set)
    for row in shot["mes/genealogy.csv"]:
        used[row["lot_no"]].add(row["batch_no"])
    bad = {entry["lot"]: entry["id"] for entry in site.truth["bad_lots"]}
    return [
        {
            "lot": row["lot"],
            "material": row["material"],
            "quality": row["_quality"],
            "planted_bad": bad.get(row["lot"]),
            "batches": sorted(used[row["lot"]]),
        }
        for row in shot["erp/lots.tsv"]
    ]


def mbr_changes(shot: Snapshot, site: Site) -> list[dict[str, Any]]:
    """Return the legs of each change of a master batch record, in days; None while unfinished."""
    times: defaultdict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    rounds: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for row in shot["mes/mbr_changes.csv"]:
        if row["event"] == "retired":
            continue
        key = (row["change_no"], row["mbr"], row["version"])
        times[key].setdefault(row["event"], row["at"])
        rounds[key] += row["event"] == "submitted"
    legs = (
        ("authoring_d", "requested", "submitted"),
        ("approval_d", "submitted", "approved_quality"),
        ("validation_d", "approved_quality", "validated"),
        ("training_d", "validated", "effective"),
        ("first_use_d", "effective", "first_use"),
        ("total_d", "requested", "first_use"),
    )
    return [
        {
            "change_no": number,
            "mbr": mbr,
            "version": version,
            "rounds": rounds[number, mbr, version],
            **{
                leg: round(site.calendar.hours(at[since], at[until]) / 24, 6)
                if since in at and until in at
                else None
                for leg, since, until in legs
            },
        }
        for (number, mbr, version), at in times.items()
    ]


def decay(site: Site) -> list[dict[str, Any]]:
    """Return the true rates of each month since go-live, at its middle."""
    month = site.conditions.month
    return [
        {
            "month": number,
            "from": site.calendar.iso(int(number * month)),
            **{
                f"{name}_rate": round(site.conditions.rate(name, int((number + 0.5) * month)), 6)
                for name in RATES
            },
            "answer_days_median": round(
                site.conditions.answer_days(int((number + 0.5) * month)), 4
            ),
        }
        for number in range(int(-(-site.end // month)))
    ]
