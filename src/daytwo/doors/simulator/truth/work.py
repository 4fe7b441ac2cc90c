"""Counted from the rows that are exported: late entries, workarounds, hours worked and attended."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.entering import LATE
from daytwo.doors.simulator.plant.calendar import HOUR
from daytwo.doors.simulator.plant.people import TEAMS

if TYPE_CHECKING:
    from daytwo.doors.simulator.export.snapshot import Snapshot
    from daytwo.doors.simulator.plant.calendar import Calendar
    from daytwo.doors.simulator.plant.site import Row


def is_late(row: Row) -> bool:
    """Tell whether a step's entry was recorded more than 30 minutes after the activity."""
    done, entered = row.get("completed"), row.get("entry_recorded")
    return done is not None and entered is not None and entered - done > LATE


def by_batch(shot: Snapshot) -> dict[str, Counter[str]]:
    """Return counts of each batch.

    A workaround step has at least one of: typed by hand although an interface exists, a late
    entry, an override, not applicable.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    overridden = {
        (row["batch_no"], row["step_no"])
        for row in shot["mes/exceptions.csv"]
        if row["code"] == "override"
    }
    for row in shot["mes/steps.csv"]:
        count = counts[row["batch_no"]]
        count["steps"] += 1
        late = is_late(row)
        count["late_entries"] += late
        count["paper_steps"] += row.get("done_on_paper") == "Y"
        count["workaround_steps"] += (
            late
            or row.get("capture") == "MX"
            or row.get("outcome") == "not_applicable"
            or (row["batch_no"], row["step_no"]) in overridden
        )
    for file, name in (
        ("mes/signatures.csv", "signatures"),
        ("mes/exceptions.csv", "exceptions"),
        ("qms/deviations.csv", "deviations"),
    ):
        for row in shot[file]:
            counts[row["batch_no"]][name] += 1
    for row in shot["mes/corrections.csv"]:
        counts[row["batch_no"]]["corrections"] += 1
        counts[row["batch_no"]]["corrections_after_signoff"] += row["after_signoff"] == "Y"
    return counts


def labour(shot: Snapshot, calendar: Calendar) -> list[dict[str, Any]]:
    """Return worked and attended hours of each shift team and month of the site's clock.

    Worked: from claim to completion of its steps without pauses, by the team and the month of
    completion. Attended: operators and the supervisor, whole attendances by the month of their
    start.
    """
    worked: defaultdict[tuple[str, str], float] = defaultdict(float)
    attended: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in shot["mes/steps.csv"]:
        if row.get("completed") is None:
            continue
        pause = (row.get("resumed") or 0) - (row.get("paused") or 0)
        key = (row["team"], calendar.month(row["completed"]))
        worked[key] += row["completed"] - row["claimed"] - pause
    for row in shot["hr/shifts.csv"]:
        if row["team"] in TEAMS and row["end"] is not None:
            attended[row["team"], calendar.month(row["start"])] += row["end"] - row["start"]
    return [
        {
            "team": team,
            "month": month,
            "worked_h": round(worked[team, month] / HOUR, 4),
            "attended_h": round(attended[team, month] / HOUR, 4),
        }
        for team, month in sorted(set(worked) | set(attended))
    ]
