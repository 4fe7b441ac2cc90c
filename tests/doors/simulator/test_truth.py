"""The answers agree with the files: what is counted, how the time went by, who caused it."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from daytwo.doors.simulator.flow.batch import Batch, Segment
from daytwo.doors.simulator.parameters.load import load
from daytwo.doors.simulator.plant.calendar import HOUR, Calendar
from daytwo.doors.simulator.plant.chance import Chance
from daytwo.doors.simulator.plant.recipes import products
from daytwo.doors.simulator.truth.causes import deviations
from daytwo.doors.simulator.truth.path import critical_path, described, legs
from daytwo.doors.simulator.truth.work import is_late
from daytwo.insight.detection.decay import decay
from daytwo.insight.kpis.calendar import us
from tests.doors.simulator.reading import lines
from tests.insight.kpis.plant import facts

ZONE = ZoneInfo("Europe/Zurich")
END = datetime(2024, 4, 8, tzinfo=ZONE).astimezone(UTC)
PLACES = 1e-6


def utc(moment):
    return None if moment is None else moment.replace(tzinfo=ZONE).astimezone(UTC)


def instant(text):
    return None if text is None else datetime.fromisoformat(text)


def hours(since, until):
    return (until - since).total_seconds() / HOUR


def test_path_covers_the_wait_without_gap_or_overlap(plant):
    ended = [batch for batch in plant.answers["batches"] if batch["ended"]]
    assert len(ended) > 20
    for batch in ended:
        path = batch["critical_path"]
        until = instant(batch["decided"]) or END
        assert instant(path[0]["from"]) == instant(batch["ended"])
        assert instant(path[-1]["to"]) == until
        for one, next_one in itertools.pairwise(path):
            assert one["to"] == next_one["from"]
        assert all(instant(s["from"]) < instant(s["to"]) for s in path)
        total = hours(instant(batch["ended"]), until)
        assert sum(batch["legs"].values()) == pytest.approx(total, abs=0.001)


def test_batch_that_has_not_ended_waits_for_nothing(plant):
    others = [batch for batch in plant.answers["batches"] if not batch["ended"]]
    assert others
    for batch in others:
        assert batch["critical_path"] == []
        assert set(batch["legs"].values()) == {0}


def test_legs_are_those_of_the_files(plant):
    """The rule of the critical path, computed again from nothing but the exports."""
    log = defaultdict(list)
    for row in plant.tables["mes/reviews.csv"]:
        log[row["batch_no"]].append(row)
    final, closed = defaultdict(list), defaultdict(list)
    for row in plant.tables["lims/results.csv"]:
        if row["subject_kind"] == "batch":
            final[row["subject"]].append(utc(row["final"]))
    for row in plant.tables["qms/deviations.csv"]:
        closed[row["batch_no"]].append(utc(row["closed"]))
    seen = 0
    for batch in plant.answers["batches"]:
        if batch["decided"] and batch["ended"]:
            number, leg = batch["batch_no"], batch["legs"]
            ended, decided = instant(batch["ended"]), instant(batch["decided"])
            assembled = first(log[number], "submitted", "production")
            produced = first(log[number], "approved", "production")
            reviewed = first(log[number], "approved", "quality")
            ready = max([produced, *final[number], *closed[number]])
            waited = "lab_wait_h" if ready in final[number] else "deviation_wait_h"
            assert leg["assembly_h"] == pytest.approx(hours(ended, assembled), abs=0.001)
            assert leg["production_review_h"] == pytest.approx(
                hours(assembled, produced), abs=0.001
            )
            assert leg["lab_wait_h"] + leg["deviation_wait_h"] == pytest.approx(
                hours(produced, ready), abs=0.001
            )
            if ready > produced:
                assert leg[waited] > 0
            assert leg["qa_review_h"] == pytest.approx(hours(ready, reviewed), abs=0.001)
            assert leg["qp_decision_h"] == pytest.approx(hours(reviewed, decided), abs=0.001)
            seen += 1
    assert seen > 20


def first(rows, event, function):
    return next(
        utc(row["at"]) for row in rows if (row["event"], row["function"]) == (event, function)
    )


def test_deviation_that_nobody_waits_for_costs_nothing(plant):
    closed = defaultdict(list)
    for row in plant.tables["qms/deviations.csv"]:
        closed[row["batch_no"]].append(row)
    without = [b for b in plant.answers["batches"] if b["ended"] and not closed[b["batch_no"]]]
    assert without
    assert all(batch["legs"]["deviation_wait_h"] == 0 for batch in without)


def test_times_of_batches_are_those_of_the_files(plant):
    orders = {row["batch_no"]: row for row in plant.tables["mes/orders.csv"]}
    decisions = {
        row["batch_no"]: row
        for row in plant.tables["mes/reviews.csv"]
        if row["event"] == "decision"
    }
    started = {number for number, row in orders.items() if row["first_step_start"]}
    assert started == {batch["batch_no"] for batch in plant.answers["batches"]}
    for batch in plant.answers["batches"]:
        order, decision = orders[batch["batch_no"]], decisions.get(batch["batch_no"])
        assert instant(batch["started"]) == utc(order["first_step_start"])
        assert instant(batch["ended"]) == utc(order["last_step_end"])
        assert instant(batch["packaging_end"]) == utc(order["packaging_end"])
        assert instant(batch["decided"]) == (utc(decision["at"]) if decision else None)
        assert batch["decision"] == (decision["value"] if decision else None)
        assert batch["aborted"] == (order["aborted"] is not None)
        assert batch["version"] == order["mbr_version"]


def test_open_batches_have_a_true_end(full):
    waiting = [b for b in full.answers["batches"] if b["ended"] and not b["decided"]]
    assert waiting
    for batch in waiting:
        assert instant(batch["decided_after_the_period"]) > instant(batch["ended"])
        assert batch["decision_after_the_period"] in {"released", "rejected"}


def test_counts_of_batches_are_those_of_the_files(full):
    counted = {
        "corrections_after_signoff": [
            r for r in full.tables["mes/corrections.csv"] if r["after_signoff"] == "Y"
        ],
        "signatures": full.tables["mes/signatures.csv"],
        "deviations": full.tables["qms/deviations.csv"],
        "exceptions": full.tables["mes/exceptions.csv"],
        "steps": full.tables["mes/steps.csv"],
        "paper_steps": [r for r in full.tables["mes/steps.csv"] if r["done_on_paper"] == "Y"],
        "late_entries": [r for r in full.tables["mes/steps.csv"] if late(r)],
    }
    for name, rows in counted.items():
        own = Counter(row["batch_no"] for row in rows)
        for batch in full.answers["batches"]:
            assert batch[name] == own[batch["batch_no"]], (name, batch["batch_no"])
        assert sum(batch[name] for batch in full.answers["batches"]) > 0, name


def late(row):
    done, entered = row["completed"], row["entry_recorded"]
    return bool(done and entered and entered - done > timedelta(minutes=30))


def test_late_begins_after_thirty_minutes():
    assert not is_late({"completed": 0, "entry_recorded": 1_800})
    assert is_late({"completed": 0, "entry_recorded": 1_801})
    assert not is_late({"completed": 0, "entry_recorded": None})


def test_workarounds_are_those_of_the_files(plant):
    overridden = {
        (row["batch_no"], row["step_no"])
        for row in plant.tables["mes/exceptions.csv"]
        if row["code"] == "override"
    }
    for batch in plant.answers["batches"]:
        found = [
            row
            for row in plant.tables["mes/steps.csv"]
            if row["batch_no"] == batch["batch_no"]
            and (
                row["capture"] == "MX"
                or late(row)
                or row["outcome"] == "not_applicable"
                or (row["batch_no"], row["step_no"]) in overridden
            )
        ]
        assert batch["workaround_steps"] == len(found)


def test_figures_are_those_of_the_files(plant):
    figures, tables = plant.answers["kpis"], plant.tables
    decisions = [r for r in tables["mes/reviews.csv"] if r["event"] == "decision"]
    ends = {r["batch_no"]: utc(r["last_step_end"]) for r in tables["mes/orders.csv"]}
    days = [
        hours(ends[r["batch_no"]], utc(r["at"])) / 24 for r in decisions if r["value"] == "released"
    ]
    assert figures["batches_released"] == len(days)
    assert figures["batches_rejected"] == len(decisions) - len(days)
    assert figures["release_days_median"] == pytest.approx(median(days), abs=PLACES)
    assert figures["batches_ended"] == len([end for end in ends.values() if end])
    closed = [r for r in tables["qms/deviations.csv"] if r["closed"]]
    assert figures["deviations_opened"] == len(tables["qms/deviations.csv"])
    assert figures["deviations_closed"] == len(closed)
    assert figures["deviations_closed_on_time"] == len(
        [r for r in closed if r["closed"].date() <= r["due_first"].date()]
    )
    assert figures["tests_final"] == len([r for r in tables["lims/results.csv"] if r["final"]])
    assert figures["oos_opened"] == len(tables["lims/oos.csv"])
    assert figures["oos_invalidated"] == len(
        [r for r in tables["lims/oos.csv"] if r["outcome"] == "invalidated"]
    )
    assert figures["steps"] == len(tables["mes/steps.csv"])
    assert figures["corrections"] == len(tables["mes/corrections.csv"])
    assert figures["units_shipped"] == sum(int(r["units"]) for r in tables["erp/shipments.tsv"])
    assert figures["batches_reworked"] == len(
        {r["batch_no"] for r in tables["mes/exceptions.csv"] if r["code"] == "rework"}
        & {number for number, end in ends.items() if end}
    )


def test_labour_is_that_of_the_files(plant):
    worked, attended = defaultdict(float), defaultdict(float)
    for row in plant.tables["mes/steps.csv"]:
        if row["completed"]:
            pause = row["resumed"] - row["paused"] if row["paused"] else timedelta()
            key = (row["team"], f"{row['completed']:%Y-%m}")
            worked[key] += (row["completed"] - row["claimed"] - pause).total_seconds() / HOUR
    for row in plant.tables["hr/shifts.csv"]:
        if row["team"] in set("ABCD") and row["end"]:
            key = (row["team"], f"{row['start']:%Y-%m}")
            attended[key] += (row["end"] - row["start"]).total_seconds() / HOUR
    for row in plant.answers["labour"]:
        key = (row["team"], row["month"])
        assert row["worked_h"] == pytest.approx(worked[key], abs=0.001)
        assert row["attended_h"] == pytest.approx(attended[key], abs=0.001)
        assert row["worked_h"] < row["attended_h"]
    assert {row["team"] for row in plant.answers["labour"]} == set("ABCD")


def test_lots_are_those_of_the_genealogy(plant):
    used = defaultdict(set)
    for row in plant.tables["mes/genealogy.csv"]:
        used[row["lot_no"]].add(row["batch_no"])
    assert {lot["lot"] for lot in plant.answers["lots"]} >= set(used)
    for lot in plant.answers["lots"]:
        assert set(lot["batches"]) == used[lot["lot"]]


def test_causes_are_told_apart_from_what_is_reported(full):
    exported = {row["dev_no"]: row for row in full.tables["qms/deviations.csv"]}
    assert {d["dev_no"] for d in full.answers["deviations"]} == set(exported)
    for truth in full.answers["deviations"]:
        assert truth["reported_category"] == exported[truth["dev_no"]]["category"]
    assert any(
        d["reported_category"] and d["reported_category"] != d["true_category"]
        for d in full.answers["deviations"]
    )
    header = set(lines(full.folder, "qms/deviations.csv")[0])
    assert not header & {"true_cause", "repeat", "repeat_group"}


def test_repeat_looks_one_year_back():
    day = 86_400
    cause = next(c for c in _causes() if c.group)
    rows = [
        {"dev_no": str(n), "batch_no": "B", "process": process, "recorded": t, "_cause": cause}
        for n, (process, t) in enumerate(
            [("X", 0), ("X", 365 * day), ("Y", 366 * day), ("X", 731 * day)]
        )
    ]
    found = [d["repeat"] for d in deviations({"qms/deviations.csv": rows})]
    assert found == [False, True, False, False]


def _causes():
    from daytwo.doors.simulator.plant.recipes import causes

    return causes()


def test_changes_of_masters_have_their_legs(full):
    finished = [c for c in full.answers["mbr_changes"] if c["total_d"] is not None]
    assert len(finished) > 8
    for change in finished:
        parts = ("authoring_d", "approval_d", "validation_d", "training_d", "first_use_d")
        assert sum(change[leg] for leg in parts) == pytest.approx(change["total_d"], abs=1e-4)
    submitted = [
        row
        for row in full.tables["mes/mbr_changes.csv"]
        if row["event"] == "submitted" and row["change_no"] == finished[0]["change_no"]
    ]
    assert finished[0]["rounds"] == len(submitted)


def test_decay_grows_month_by_month(full):
    decay, parameters = full.answers["decay"], load(1).decay
    assert len(decay) == 24
    assert decay[0]["late_rate"] == pytest.approx(
        parameters.late_rate * (1 + parameters.late_monthly) ** 0.5, rel=0.001
    )
    assert all(
        later["paper_rate"] > earlier["paper_rate"] for earlier, later in itertools.pairwise(decay)
    )


CALENDAR = Calendar(load(1).start, ZONE)


def batch_of(path, ended, decided):
    product = products()[0]
    batch = Batch("F1", product, 1, 1, {}, Chance(1).stream("x"), 1)
    batch.path, batch.ended, batch.decided = path, ended, decided
    return batch


def test_path_is_cut_at_the_end_of_the_period():
    path = [Segment(0, 100, "assembly", "p", ""), Segment(100, 300, "lab", "l", "")]
    cut = critical_path(batch_of(path, 0, 300), end=200)
    assert [(s.since, s.until) for s in cut] == [(0, 100), (100, 200)]
    assert critical_path(batch_of(path, 250, 300), end=200) == []


def test_wait_without_end_belongs_to_the_leg_it_is_stuck_in():
    batch = batch_of([Segment(0, 100, "assembly", "p", "")], 0, None)
    batch.stage = "qa_review"
    last = critical_path(batch, end=500)[-1]
    assert (last.since, last.until, last.cause) == (100, 500, "qa_review")


def test_legs_count_true_hours_over_a_change_of_clocks():
    sunday = 11 * 7 * 86_400 + 6 * 86_400  # 2024-03-31, clocks go forward
    path = [Segment(sunday, sunday + 86_400, "lab", "l", "d")]
    assert legs(path, CALENDAR)["lab_wait_h"] == 23
    assert described(path, CALENDAR)[0]["from"] == "2024-03-30T23:00:00Z"


def facts_of(full):
    """Return steps and batches of a plant as facts, as far as its files tell of workarounds."""
    true = {batch["batch_no"]: batch for batch in full.answers["batches"]}
    batches = [
        {
            "batch_id": name,
            "line": b["line"],
            "started_us": us(instant(b["started"])),
            "ended_us": us(instant(b["ended"])),
            "steps": b["steps"],
            "entries": b["steps"],
            "workarounds": b["workaround_steps"],
            "late_entries": b["late_entries"],
            "paper_steps": b["paper_steps"],
            "signatures": b["signatures"],
        }
        for name, b in true.items()
        if b["started"] and b["ended"]
    ]
    steps = [
        {
            "batch_id": row["batch_no"],
            "step_id": row["step_no"],
            "line": true[row["batch_no"]]["line"],
            "completed_us": us(utc(row["completed"])),
            "method": {"I": "interface", "D": "device"}.get(row["capture"], "manual"),
            "instead": row["capture"] == "MX",
            "workaround": row["capture"] == "MX",
        }
        for row in full.tables["mes/steps.csv"]
        if row["completed"] and row["batch_no"] in true
    ]
    end = instant(full.answers["meta"]["period"]["to"])
    return facts(now=end, zone="Europe/Zurich", batch=batches, step=steps)


def test_reading_of_decay_finds_the_planted_rates(full):
    """Line L2 alone: on L1 an improvement is planted that hides the decay of all lines."""
    found = decay(facts_of(full), (("line", "L2"),))
    rates = full.answers["decay"]
    assert len(found.months) in (len(rates) - 1, len(rates))
    batches = [b for b in full.answers["batches"] if b["line"] == "L2" and b["ended"]]
    by = {m.of.id: m for m in found.measures}
    for kpi_id, name in (("K30", "workaround_steps"), ("K32", "late_entries")):
        measure = by[kpi_id]
        for figure in (measure.first, measure.last):
            period = figure.period
            some = [
                b for b in batches if period.since_us <= us(instant(b["ended"])) < period.until_us
            ]
            told = 100 * sum(b[name] for b in some) / sum(b["steps"] for b in some)
            assert figure.value == pytest.approx(told)
    assert by["K30"] in found.decaying
    growth = rates[-2]["manual_rate"] / rates[1]["manual_rate"]
    low, high = (figure.interval for figure in (by["K30"].first, by["K30"].last))
    assert low[0] * growth <= high[1]
    assert low[1] * growth >= high[0]
    assert by["K33"] not in found.decaying
    assert by["K33"].times == pytest.approx(1, abs=0.05)
