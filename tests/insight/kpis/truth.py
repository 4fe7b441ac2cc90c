"""What each KPI of a simulated plant must be: plain Python over answers and exports, no facts."""

from __future__ import annotations

import csv
import io
import math
import statistics
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Row = dict[str, str]
Figure = tuple[float | None, int]
"""Value and n."""

_FORMATS = {"mes": "%Y-%m-%d %H:%M:%S", "lims": "%d.%m.%Y %H:%M", "qms": "%d-%b-%Y %H:%M"}
_FORMATS |= {"hr": "%d.%m.%Y %H:%M"}
_CODES = {"mes": ("cp1252", ";"), "lims": ("utf-8-sig", ","), "qms": ("utf-8", ",")}
_CODES |= {"hr": ("utf-8", ";"), "erp": ("utf-8", "\t")}
POINTS = {"cleaning_end", "clean_expired", "calibration_due", "calibrated"}
"""Entries of an equipment's log that begin no state."""
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FINAL = {"released", "rejected"}


def middle(values: Iterable[float]) -> Figure:
    found = list(values)
    return (statistics.median(found) if found else None), len(found)


def share(part: float, whole: float, times: float = 100) -> float | None:
    return times * part / whole if whole else None


def alike(one: Row, other: Row) -> bool:
    """Tell whether two deviations have the same root cause at the same place."""

    def key(of: Row) -> tuple[str, str]:
        return of["root_cause"].strip().casefold(), of["area"] or of["process"]

    return key(one) == key(other)


class Truth:
    """One plant: `figures` are its KPIs over all time, in the units of the definitions.

    Args:
        folder: Its exports.
        answers: What its simulator says is true.
    """

    def __init__(self, folder: Path, answers: dict[str, Any]) -> None:
        """Read nothing yet."""
        self.folder, self.answers = folder, answers
        self.zone = ZoneInfo(answers["meta"]["time_zone"])
        self.batches = answers["batches"]
        self.ended = [b for b in self.batches if b["ended"]]
        self.final = [b for b in self.batches if b["decision"] in FINAL]
        self.released = [b for b in self.ended if b["decision"] == "released"]

    def rows(self, name: str) -> list[Row]:
        """Return an export's rows, without what was planted to be set aside or is said twice."""
        code, mark = _CODES[name.partition("/")[0]]
        suffix = "tsv" if name.startswith("erp") else "csv"
        file = f"{name}.{suffix}"
        bad = {(d["row"]) for d in self.answers["dirt"] if (d["file"], d["scope"]) == (file, "row")}
        text = (self.folder / file).read_bytes().decode(code)
        lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
        found: dict[str, Row] = {}
        for row in lines:
            if lines.line_num not in bad:
                found[repr(row)] = row
        return list(found.values())

    def at(self, name: str, text: str) -> datetime:
        """Return a local time of a system's export as an instant."""
        local = datetime.strptime(text.title(), _FORMATS[name]).replace(tzinfo=self.zone)
        return local.astimezone(UTC)

    def between(self, name: str, row: Row, since: str, until: str, unit: timedelta) -> float:
        return (self.at(name, row[until]) - self.at(name, row[since])) / unit

    @cached_property
    def steps(self) -> list[Row]:
        return self.rows("mes/steps")

    @cached_property
    def deviations(self) -> list[Row]:
        return self.rows("qms/deviations")

    @cached_property
    def reviews(self) -> list[Row]:
        return self.rows("mes/reviews")

    @cached_property
    def ended_numbers(self) -> set[str]:
        return {b["batch_no"] for b in self.ended}

    def of_ended(self, rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if row["batch_no"] in self.ended_numbers]

    def figures(self) -> dict[str, Figure]:
        """Return every figure that can be told apart from the product's own code."""
        parts = (
            self.release,
            self.records,
            self.entries,
            self.quality,
            self.capas,
            self.lots,
            self.plan,
            self.floor,
            self.machines,
            self.changes,
            self.voices,
        )
        found = {kpi: figure for part in parts for kpi, figure in part().items()}
        factors = [found[f"K23{name}"] for name in ("availability", "effectiveness", "quality")]
        values = [value for value, _ in factors if value is not None]
        whole = math.prod(values) / 100**2 if len(values) == len(factors) else None
        return found | {"K23": (whole, sum(n for _, n in factors))}

    def days(self, batches: list[dict[str, Any]], since: str) -> Figure:
        pairs = [(datetime.fromisoformat(b[since]), b["decided"]) for b in batches]
        return middle((datetime.fromisoformat(end) - begun) / DAY for begun, end in pairs)

    def release(self) -> dict[str, Figure]:
        rejected = [b for b in self.ended if b["decision"] == "rejected"]
        complete: dict[str, datetime] = {}
        active: defaultdict[str, float] = defaultdict(float)
        for row in self.reviews:
            batch = row["batch_no"]
            if row["event"] == "completeness_passed":
                complete.setdefault(batch, self.at("mes", row["at"]))
            if row["event"] == "review_closed" and row["function"] == "quality":
                active[batch] += float(row["active_minutes"].replace(",", "."))
        assembled = [b for b in self.ended if b["batch_no"] in complete]
        promised = self.first_promises()
        in_time = {
            b["batch_no"]
            for b in self.released
            if self.local_day(b["decided"]) <= promised.get(b["batch_no"], "")
        }
        given_up = {b["batch_no"] for b in self.batches if b["aborted"] or b["rejected"]}
        due = [number for number in promised if number not in given_up]
        return {
            "K1": self.days(self.released, "ended"),
            "K1rejected": self.days(rejected, "ended"),
            "K1start": self.days(self.released, "started"),
            "K1lab": self.after_laboratory(),
            "K2": middle(
                (complete[b["batch_no"]] - datetime.fromisoformat(b["ended"])) / HOUR
                for b in assembled
            ),
            "K3": middle(active[b["batch_no"]] / 60 for b in self.final if b["batch_no"] in active),
            "K19": (share(len(in_time & set(due)), len(due)), len(due)),
        }

    def local_day(self, iso: str) -> str:
        return datetime.fromisoformat(iso).astimezone(self.zone).date().isoformat()

    def first_promises(self) -> dict[str, str]:
        return {r["batch_no"]: r["promised_release"] for r in self.rows("mes/orders")}

    def after_laboratory(self) -> Figure:
        last: dict[str, datetime] = {}
        for row in self.rows("lims/results"):
            if row["subject_kind"] == "batch" and row["stage"] == "final" and row["final"]:
                at = self.at("lims", row["final"])
                last[row["subject"]] = max(at, last.get(row["subject"], at))
        return middle(
            (datetime.fromisoformat(b["decided"]) - last[b["batch_no"]]) / DAY
            for b in self.released
            if b["batch_no"] in last
        )

    def records(self) -> dict[str, Figure]:
        n, many = len(self.ended), len(self.final)
        reviewed = [b for b in self.final if not b["aborted"]]
        clean = sum(not b["corrections_after_signoff"] for b in reviewed)
        whole = sum(not b["reworked"] for b in self.final)
        spotless = sum(not (b["reworked"] or b["deviations"] or b["rejected"]) for b in self.final)
        exceptions = self.of_ended(self.rows("mes/exceptions"))
        signed = self.of_ended(self.rows("mes/signatures"))
        steps = self.of_ended(self.steps)
        paper = {row["batch_no"] for row in steps if row["done_on_paper"] == "Y"}
        ways = sum(b["workaround_steps"] for b in self.ended)
        pages = sum(b["paper_steps"] for b in self.ended)
        return {
            "K6": (share(len(exceptions), n, 1), n),
            "K7a": (share(clean, len(reviewed)), len(reviewed)),
            "K7b": (share(whole, many), many),
            "K7c": (share(spotless, many), many),
            "K31": (share(pages, len(steps)), n),
            "K31batch": (share(len(paper), n), n),
            "K33": (share(len(signed), n, 1), n),
            "K33automated": (
                share(sum(r["automated_step"] == "Y" for r in signed), len(signed)),
                n,
            ),
            "K30": (share(ways, len(steps)), n),
        }

    def entries(self) -> dict[str, Figure]:
        n, steps = len(self.ended), self.of_ended(self.steps)
        late = sum(b["late_entries"] for b in self.ended)
        after = sum(b["corrections_after_signoff"] for b in self.ended)
        codes = Counter(r["code"] for r in self.of_ended(self.rows("mes/exceptions")))
        wrong = late + after + codes["missing"] + codes["not_applicable"]
        return {
            "K32": (share(late, len(steps)), n),
            "K8": (share(wrong, len(steps), 1000), n),
            "K8batch": (share(wrong, n, 1), n),
        }

    def capas(self) -> dict[str, Figure]:
        checked = [row for row in self.rows("qms/capas") if row["closed"]]
        good = sum(row["verdict"] == "effective" for row in checked)
        kept = sum(not self.came_back(row) for row in checked)
        return {
            "K13": (share(good, len(checked)), len(checked)),
            "K13repeat": (share(kept, len(checked)), len(checked)),
        }

    def came_back(self, capa: Row) -> bool:
        """Tell whether the cause was there again within the horizon after the action."""
        mine = next(d for d in self.deviations if d["dev_no"] == capa["dev_no"])
        done = self.at("qms", capa["closed"])
        later = [self.at("qms", d["occurred"]) - done for d in self.deviations if alike(d, mine)]
        return any(timedelta() < t <= int(capa["horizon_days"]) * DAY for t in later)

    def plan(self) -> dict[str, Figure]:
        orders = self.rows("mes/orders")
        met = 0
        for row in orders:
            if row["first_step_start"] and row["last_step_end"] and not row["aborted"]:
                begun = self.between("mes", row, "planned_start", "first_step_start", HOUR)
                ended = self.between("mes", row, "planned_end", "last_step_end", HOUR)
                met += abs(begun) <= 24 and abs(ended) <= 24
        percents = [float(r["percent"].replace(",", ".")) for r in self.rows("mes/yields")]
        planned = sum(
            self.between("mes", r, "planned_start", "planned_end", HOUR)
            for r in self.of_ended(orders)
        )
        ran = sum(
            (datetime.fromisoformat(b["ended"]) - datetime.fromisoformat(b["started"])) / HOUR
            for b in self.ended
        )
        effective = {"K23effectiveness": (share(planned, ran), len(self.ended))}
        return effective | {"K20": (share(met, len(orders)), len(orders)), "K21": middle(percents)}

    def machines(self) -> dict[str, Figure]:
        hours: Counter[str] = Counter()
        many: Counter[str] = Counter()
        log = [r for r in self.rows("mes/equipment_log") if r["event"] not in POINTS]
        by = defaultdict(list)
        for row in log:
            by[row["equipment"]].append(row)
        for rows in by.values():
            for row, after in pairwise(rows):
                lasted = (self.at("mes", after["at"]) - self.at("mes", row["at"])) / HOUR
                hours[row["event"]] += lasted
                many[row["event"]] += lasted > 0
        busy, setup, down = hours["busy"], hours["setup"], hours["down"]
        return {
            "K24": (share(busy, busy + setup), many["busy"] + many["setup"]),
            "K23availability": (
                share(busy, busy + setup + down),
                many["busy"] + many["setup"] + many["down"],
            ),
            "K24repair": (share(down, many["down"], 1), many["down"]),
            "K24failures": (share(many["down"], busy, 1000), many["busy"]),
        }

    def voices(self) -> dict[str, Figure]:
        used = self.rows("mes/usage")
        given = {r["line_no"]: r for r in used if r["event"] == "feedback"}
        answered: dict[str, datetime] = {}
        for row in used:
            if row["event"] == "feedback_answered":
                answered.setdefault(row["ref"], self.at("mes", row["at"]))
        waits = [
            (at - self.at("mes", given[ref]["at"])) / DAY
            for ref, at in answered.items()
            if ref in given
        ]
        shifts = self.rows("hr/shifts")
        return {
            "K34": (share(len(given), len(shifts)), len(self.days_of(shifts))),
            "K34answer": middle(waits),
        }

    def quality(self) -> dict[str, Figure]:
        n, rows = len(self.ended), self.deviations
        closed = [row for row in rows if row["closed"]]
        studied = [r for r in rows if r["root_cause_approved"] and r["severity"] != "minor"]
        capas = self.rows("qms/capas")
        return {
            "K9": (share(len(rows), n), n),
            "K9ispe": (share(len(closed), n), n),
            "K10": middle(self.between("qms", r, "detected", "closed", DAY) for r in closed),
            "K10lag": middle(self.between("qms", r, "occurred", "recorded", DAY) for r in rows),
            "K11": middle(
                self.between("qms", r, "assigned", "root_cause_approved", DAY) for r in studied
            ),
            "K12": (share(sum(self.repeats(r) for r in closed), len(closed)), len(closed)),
            "K12none": (share(sum(not r["root_cause"] for r in closed), len(closed)), len(closed)),
            "K14": (share(sum(map(self.on_time, rows)), len(rows)), len(rows)),
            "K14capa": (share(sum(map(self.on_time, capas)), len(capas)), len(capas)),
            "K15": (
                share(sum(r["category"] == "human_error" for r in closed), len(closed)),
                len(closed),
            ),
        }

    def on_time(self, row: Row) -> bool:
        """Tell whether it was closed by the end of the day first promised."""
        if not row["closed"]:
            return False
        due = self.at("qms", f"{row['due_first']} 00:00").astimezone(self.zone).date()
        return self.at("qms", row["closed"]).astimezone(self.zone).date() <= due

    def repeats(self, row: Row) -> bool:
        mine = self.at("qms", row["occurred"])
        return bool(row["root_cause"].strip()) and any(
            alike(other, row)
            and timedelta() < mine - self.at("qms", other["occurred"]) <= 365 * DAY
            for other in self.deviations
            if other is not row
        )

    def lots(self) -> dict[str, Figure]:
        kpis, n = self.answers["kpis"], len(self.batches)
        released, many = (
            kpis["batches_released"],
            kpis["batches_released"] + kpis["batches_rejected"],
        )
        tests = [r for r in self.rows("lims/results") if r["stage"] == "final" and r["final"]]
        stages = {r["result_no"]: r["stage"] for r in self.rows("lims/results")}
        decided = [
            r
            for r in self.rows("lims/oos")
            if r["decided"] and stages.get(r["result_no"]) == "final"
        ]
        invalid = sum(r["outcome"] == "invalidated" for r in decided)
        complaints, units = kpis["complaints"], kpis["units_shipped"]
        return {
            "K16fda2016": (share(released, n), n),
            "K16ispe": (share(len(self.released), len(self.final)), len(self.final)),
            "K23quality": (share(released, many), many),
            "K16fda2015": (share(n - len(self.out_of_specification()), n), n),
            "K7d": self.first_pass(),
            "K17fda": (share(invalid, len(decided)), len(decided)),
            "K17ispe": (share(invalid, len(tests)), len(tests)),
            "K18": (share(complaints, units, 1_000_000), len(self.shipped())),
        }

    def out_of_specification(self) -> list[dict[str, Any]]:
        """Return the rejected lots of which a result out of specification was confirmed."""
        confirmed = {r["subject"] for r in self.rows("lims/oos") if r["outcome"] == "confirmed"}
        return [b for b in self.batches if b["rejected"] and b["batch_no"] in confirmed]

    def first_pass(self) -> Figure:
        results = [r for r in self.rows("lims/results") if r["stage"] == "final" and r["final"]]
        errors = {r["result_no"] for r in self.rows("lims/oos") if r["outcome"] == "invalidated"}
        failed = {
            r["subject"] for r in results if r["verdict"] == "OOS" and r["result_no"] not in errors
        }
        tested = {r["subject"] for r in results}
        lots = [b for b in self.final if b["batch_no"] in tested]
        good = [b for b in lots if b["batch_no"] not in failed and not b["reworked"]]
        return share(len(good), len(lots)), len(lots)

    def shipped(self) -> set[str]:
        return {row["batch_no"] for row in self.rows("erp/shipments")}

    def floor(self) -> dict[str, Figure]:
        labour = self.answers["labour"]
        worked, there = (sum(m[k] for m in labour) for k in ("worked_h", "attended_h"))
        hours = {
            b["batch_no"]: (
                datetime.fromisoformat(b["ended"]) - datetime.fromisoformat(b["started"])
            )
            / HOUR
            for b in self.ended
        }
        spent: Counter[str] = Counter()
        for row in self.of_ended(self.steps):
            busy = self.between("mes", row, "claimed", "completed", HOUR)
            spent["allocation"] += busy
            spent["queue"] += self.between("mes", row, "offered", "claimed", HOUR)
            pause = self.between("mes", row, "paused", "resumed", HOUR) if row["paused"] else 0
            spent["touch"] += busy - pause
        done = [row for row in self.steps if row["completed"]]
        touch = [
            60 * self.between("mes", r, "claimed", "completed", HOUR)
            - (60 * self.between("mes", r, "paused", "resumed", HOUR) if r["paused"] else 0)
            for r in done
        ]
        able = [row for row in done if row["capture"] in {"D", "I", "MX"}]
        automatic = sum(row["capture"] != "MX" for row in able)
        whole, n = sum(hours.values()), len(hours)
        good = [b for b in self.ended if not b["rejected"]]
        teams = {row["team"] for row in labour}
        direct = len(self.days_of(r for r in self.rows("hr/shifts") if r["team"] in teams))
        return {
            "K22": middle(hours.values()),
            **{f"K22{name}": (share(spent[name], whole), n) for name in spent},
            "K24throughput": self.throughput(hours),
            "K25": (share(worked, there), direct),
            "K25output": (share(len(good), there), direct),
            "K25touch": middle(touch),
            "K29": (share(automatic, len(able)), len(able)),
        }

    def days_of(self, shifts: Iterable[Row]) -> set[tuple[str, str]]:
        """Return each team's days, UTC, on which a shift of it began."""
        return {(r["team"], self.at("hr", r["start"]).date().isoformat()) for r in shifts}

    def throughput(self, hours: dict[str, float]) -> Figure:
        units: Counter[str] = Counter()
        for row in self.rows("erp/shipments"):
            units[row["batch_no"]] += int(row["units"])
        made = [batch for batch in hours if units[batch]]
        minutes = 60 * sum(hours[batch] for batch in made)
        return share(sum(units[batch] for batch in made), minutes, 1), len(made)

    def after_a_change(self) -> Figure:
        """Count deviations of the first ten batches of each version but the first."""
        made: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for batch in sorted(self.batches, key=lambda b: b["started"]):
            made[batch["mbr"], batch["version"]].append(batch)
        tens = [b[:10] for (_, version), b in made.items() if version != "1" and len(b) >= 10]
        found = sum(batch["deviations"] for ten in tens for batch in ten)
        return share(found, len(tens), 1), len(tens)

    def legs(self) -> dict[str, Figure]:
        times: defaultdict[tuple[str, str], dict[str, datetime]] = defaultdict(dict)
        for row in self.rows("mes/mbr_changes"):
            key = (row["mbr"], row["version"])
            times[key].setdefault(row["event"], self.at("mes", row["at"]))
        legs = {
            "K26wait": ("requested", "drafted"),
            "K26author": ("drafted", "submitted"),
            "K26training": ("validated", "trained"),
            "K26rollout": ("trained", "effective"),
        }
        return {
            kpi: middle(
                (at[end] - at[begin]) / DAY for at in times.values() if {begin, end} <= set(at)
            )
            for kpi, (begin, end) in legs.items()
        }

    def changes(self) -> dict[str, Figure]:
        found = self.answers["mbr_changes"]
        used = [c["total_d"] for c in found if c["total_d"] is not None]
        approved = [c for c in found if c["approval_d"] is not None]
        sent_back = sum(c["rounds"] - 1 for c in approved)
        return {
            **self.legs(),
            "K26": middle(used),
            "K26review": middle(c["approval_d"] for c in approved),
            "K26use": middle(c["first_use_d"] for c in found if c["first_use_d"] is not None),
            "K26validation": middle(
                c["validation_d"] for c in found if c["validation_d"] is not None
            ),
            "K28": self.after_a_change(),
            "K27": (share(sent_back, len(approved), 1), len(approved)),
            "K27first": (
                share(sum(c["rounds"] == 1 for c in approved), len(approved)),
                len(approved),
            ),
        }
