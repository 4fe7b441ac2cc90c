"""Simulated plants of three kinds and their facts, made in memory without an import."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.export.snapshot import snapshot
from daytwo.doors.simulator.flow.plant import open_plant
from daytwo.doors.simulator.parameters.load import load, shipped
from daytwo.doors.simulator.plant.conditions import Conditions
from daytwo.insight.facts.engine.duck import over_rows
from daytwo.insight.kpis.calendar import us
from daytwo.insight.kpis.subjects import Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from daytwo.doors.simulator.export.snapshot import Snapshot
    from daytwo.doors.simulator.plant.site import Site

    Row = dict[str, Any]
    Instant = Callable[[int | None], int | None]

METHODS = {"M": "manual", "D": "device", "I": "interface", "MX": "manual_interface_down"}
"""Codes of the export, as the mapping `plant-mes` reads them."""
LATE_S = 30 * 60
"""An entry later than this after the activity is late."""
_PLACE = {"site": "plant", "origin": "simulation", "seq_first": 1, "seq_last": 1}
STEP_UP = 2.0
"""What a sudden decay makes of a rate."""
HALF = 0.5
"""The part of the period after which it comes."""


class Planted(StrEnum):
    """What becomes of a plant."""

    NOTHING = "nothing"
    CREEPING = "creeping"
    SUDDEN = "sudden"


class Sudden(Conditions):
    """Rates that stand still until half of the period and are `STEP_UP` times as high from then."""

    def rate(self, name: str, t: int) -> float:
        """Return a rate of decay."""
        return super().rate(name, t) * self._times(t)

    def answer_days(self, t: int) -> float:
        """Return the median days until feedback is answered."""
        return super().answer_days(t) * self._times(t)

    def _times(self, t: int) -> float:
        return STEP_UP if t >= self.moment(HALF) else 1.0


@dataclass(frozen=True, slots=True)
class Plant:
    """What the record would know of a plant, and the truth.

    Attributes:
        facts: At the end of its period.
        began_us: When its decay began, microseconds UTC; the end of the period for none.
    """

    facts: Facts
    began_us: int


def plant(seed: int, years: float, planted: Planted) -> Plant:
    """Simulate a plant.

    Creeping is the plant as it is shipped: each rate grows 3 to 6 % a month, compounded, from
    go-live on. Of the other two no rate grows. Improvements, real and sham, bad lots and more are
    planted in all three; one improvement lowers manual capture on one line.

    Args:
        seed: Of all chance.
        years: Length of the period.
        planted: Which decay.
    """
    growing = [name for name in shipped()["decay"] if name.endswith("_monthly")]
    still = {} if planted is Planted.CREEPING else dict.fromkeys(growing, 0.0)
    parameters = load(seed, None, {"plant": {"years": years}, "decay": still})
    site = open_plant(parameters)
    if planted is Planted.SUDDEN:
        site.conditions = Sudden(parameters)
    site.env.run(until=site.end)
    began = {Planted.CREEPING: 0, Planted.SUDDEN: site.conditions.moment(HALF)}
    at = site.calendar.utc(began.get(planted, site.end))
    return Plant(facts(site, snapshot(site)), us(at))


def facts(site: Site, shot: Snapshot) -> Facts:
    """Return the facts that the measures of decay ask for."""

    def instant(t: int | None) -> int | None:
        return None if t is None else us(site.calendar.utc(t))

    steps = _steps(shot, instant)
    made = {
        "step": steps,
        "batch": _batches(shot, steps, instant),
        "usage": _feedback(shot, instant),
    }
    end = us(site.calendar.utc(site.end))
    return Facts(over_rows(made), end, site.parameters.time_zone)


def _steps(shot: Snapshot, instant: Instant) -> list[Row]:
    """Return the steps done, as `facts.tables.step` folds them of what the mapping makes."""
    lines = {row["batch_no"]: row["line"] for row in shot["mes/orders.csv"]}
    raised = {(e["batch_no"], e.get("step_no"), e["code"]) for e in shot["mes/exceptions.csv"]}
    made = []
    for row in shot["mes/steps.csv"]:
        if row.get("completed") is None:
            continue
        key = row["batch_no"], row["step_no"]
        lag = (row.get("entry_recorded") or row["completed"]) - row["completed"]
        ways = {
            "instead": row.get("capture") == "MX",
            "override": (*key, "override") in raised,
            "na": row["outcome"] == "not_applicable",
            "late": lag > LATE_S,
            "paper": row["done_on_paper"] == "Y",
        }
        made.append(
            _PLACE
            | ways
            | {
                "batch_id": row["batch_no"],
                "step_id": row["step_no"],
                "line": lines[row["batch_no"]],
                "completed_us": instant(row["completed"]),
                "entries": 1,
                "method": METHODS.get(row.get("capture") or ""),
                "workaround": any(ways.values()),
            }
        )
    return made


def _batches(shot: Snapshot, steps: Iterable[Row], instant: Instant) -> list[Row]:
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in steps:
        found = {"steps": 1, "entries": 1, "late_entries": int(row["late"])}
        found |= {"workarounds": int(row["workaround"]), "paper_steps": int(row["paper"])}
        sums[row["batch_id"]].update(found)
    for row in shot["mes/signatures.csv"]:
        sums[row["batch_no"]]["signatures"] += 1
    return [
        _PLACE
        | sums[row["batch_no"]]
        | {
            "batch_id": row["batch_no"],
            "line": row["line"],
            "started_us": instant(row.get("first_step_start")),
            "ended_us": instant(row.get("last_step_end")),
            "aborted_us": instant(row.get("aborted")),
        }
        for row in shot["mes/orders.csv"]
    ]


def _feedback(shot: Snapshot, instant: Instant) -> list[Row]:
    kinds = {"feedback": "feedback", "feedback_answered": "answer"}
    return [
        _PLACE
        | {"seq": number, "kind": kinds[row["event"]], "at_us": instant(row["at"])}
        | {"ref": row["ref"] if row["event"] == "feedback_answered" else row["line_no"]}
        for number, row in enumerate(shot["mes/usage.csv"], start=1)
        if row["event"] in kinds
    ]
