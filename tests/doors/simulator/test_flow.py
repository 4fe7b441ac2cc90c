"""What happens in the plant happens in order, in the calendar of those who act."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest

from daytwo.doors.simulator.flow.plant import open_plant
from daytwo.doors.simulator.flow.stepping import MARGIN
from daytwo.doors.simulator.parameters.load import load
from daytwo.doors.simulator.plant.calendar import WEEK
from tests.doors.simulator.reading import TIMES, Attendance

ACTS = [
    ("mes/steps.csv", "operator", "completed"),
    ("mes/steps.csv", "witness", "witnessed"),
    ("mes/corrections.csv", "by", "at"),
    ("mes/signatures.csv", "signer", "signed_at"),
    ("mes/exceptions.csv", "raised_by", "raised"),
    ("mes/exceptions.csv", "answered_by", "answered"),
    ("mes/holds.csv", "by", "held"),
    ("mes/reviews.csv", "by", "at"),
    ("mes/equipment_log.csv", "by", "at"),
    ("mes/mbr_changes.csv", "by", "at"),
    ("mes/usage.csv", "person", "at"),
    ("lims/samples.csv", "taken_by", "taken"),
    ("lims/samples.csv", "received_by", "received"),
    ("lims/results.csv", "analyst", "entered"),
    ("lims/results.csv", "reviewer", "final"),
    ("qms/deviations.csv", "owner", "assigned"),
    ("qms/due_moves.csv", "by", "moved"),
]


@pytest.fixture(scope="module")
def attendance(full):
    return Attendance(full.tables["hr/shifts.csv"])


@pytest.mark.parametrize(("file", "who", "when"), ACTS)
def test_who_acts_is_there(full, attendance, file, who, when):
    acts = [row for row in full.tables[file] if row[who] and row[when]]
    assert acts
    assert [row for row in acts if not attendance.there(row[who], row[when])] == []


def test_nothing_happens_when_clocks_change(full):
    for name in ("mes/equipment_log.csv", "mes/steps.csv", "mes/reviews.csv", "lims/results.csv"):
        for row in full.tables[name]:
            for column in TIMES & set(row):
                t = row[column]
                assert not (t and t.weekday() == 6 and 1 <= t.hour < 4), (name, row)


def test_production_rests_from_saturday_afternoon_to_monday(plant):
    for row in plant.tables["mes/steps.csv"]:
        for column in ("claimed", "completed", "resumed"):
            t = row[column]
            if t:
                hours = t.weekday() * 24 + t.hour + t.minute / 60
                assert 6 <= hours <= 5 * 24 + 14


ORDERS = {
    "mes/orders.csv": (
        "planned_on",
        "released_to_floor",
        "first_step_start",
        "packaging_end",
        "last_step_end",
    ),
    "mes/steps.csv": ("offered", "claimed", "first_input", "completed", "witnessed"),
    "mes/exceptions.csv": ("raised", "answered", "closed"),
    "mes/holds.csv": ("held", "resumed"),
    "lims/samples.csv": ("taken", "received"),
    "lims/results.csv": ("started", "entered", "final"),
    "lims/oos.csv": ("opened", "decided"),
    "qms/deviations.csv": (
        "occurred",
        "detected",
        "recorded",
        "triaged",
        "assigned",
        "root_cause_approved",
        "closed",
    ),
    "qms/capas.csv": ("opened", "closed", "evaluated"),
    "qms/changes.csv": ("opened", "approved", "implemented", "closed"),
    "qms/complaints.csv": ("received", "closed"),
    "erp/lots.tsv": ("received", "released", "expiry"),
    "hr/shifts.csv": ("start", "end"),
}


@pytest.mark.parametrize("file", ORDERS)
def test_things_happen_in_order(full, file):
    for row in full.tables[file]:
        times = [row[column] for column in ORDERS[file] if row[column]]
        assert times == sorted(times), row


def test_entries_come_after_the_activity_and_pauses_lie_within(plant):
    paused = 0
    for row in plant.tables["mes/steps.csv"]:
        if row["entry_recorded"]:
            assert row["entry_recorded"] >= row["completed"]
        if row["paused"] and row["resumed"] and row["completed"]:
            assert row["claimed"] <= row["paused"] < row["resumed"] <= row["completed"]
            assert row["pause_reason"]
            paused += 1
    assert paused > 5


def test_steps_of_a_batch_follow_each_other(plant):
    by_batch = defaultdict(list)
    for row in plant.tables["mes/steps.csv"]:
        by_batch[row["batch_no"]].append(row)
    for rows in by_batch.values():
        for one, other in pairwise(rows):
            assert other["offered"] >= one["completed"]
        assert max(len(rows) for rows in by_batch.values()) >= 30


def test_nobody_witnesses_his_own_step(plant):
    witnessed = [row for row in plant.tables["mes/steps.csv"] if row["witness"]]
    assert witnessed
    assert all(row["witness"] != row["operator"] for row in witnessed)


def test_unit_holds_one_batch_at_a_time(full):
    held = {}
    for row in full.tables["mes/equipment_log.csv"]:
        unit, event = row["equipment"], row["event"]
        if event == "busy":
            assert held.get(unit) is None, row
            held[unit] = row["batch_no"]
        elif event == "idle":
            assert held[unit] == row["batch_no"]
            held[unit] = None


def test_material_is_released_before_it_is_booked(full):
    released = {row["lot"]: row["released"] for row in full.tables["erp/lots.tsv"]}
    for row in full.tables["mes/genealogy.csv"]:
        assert released[row["lot_no"]].date() <= row["booked"].date()


def test_material_that_is_not_released_is_waited_for():
    site = open_plant(load(3, figures={"plant": {"years": 0.1}}))
    lots = site.stock._lots["CELL"]
    for lot in lots:
        lot.released = False
    got = site.go(site.stock.take("CELL", 1))
    site.env.run(until=2 * 86_400)
    assert not got.triggered
    lots[1].released = True
    site.env.run(until=3 * 86_400)
    assert got.value is lots[1]


def test_quality_reviews_what_is_final_and_closed(plant):
    opened = {}
    for row in plant.tables["mes/reviews.csv"]:
        if row["event"] == "review_opened" and row["function"] == "quality":
            opened.setdefault(row["batch_no"], row["at"])
    for row in plant.tables["lims/results.csv"]:
        if row["subject"] in opened:
            assert row["final"] <= opened[row["subject"]]
    closed = [r for r in plant.tables["qms/deviations.csv"] if r["batch_no"] in opened]
    assert closed
    assert all(row["closed"] <= opened[row["batch_no"]] for row in closed)


def test_released_batch_has_no_result_out_of_limits_that_stands(full):
    superseded = {row["supersedes"] for row in full.tables["lims/results.csv"]}
    status = {row["batch_no"]: row["status"] for row in full.tables["mes/orders.csv"]}
    standing = [
        row["subject"]
        for row in full.tables["lims/results.csv"]
        if row["verdict"] == "OOS" and row["result_no"] not in superseded and row["final"]
    ]
    assert standing
    assert {status[s] for s in standing if s in status} == {"rejected"}
    decided = [r for r in full.tables["lims/oos.csv"] if r["outcome"]]
    assert {r["outcome"] for r in decided} == {"invalidated", "confirmed"}


def test_first_promise_is_frozen_and_later_ones_move_on(full):
    promised = {r["batch_no"]: r["promised_release"] for r in full.tables["mes/orders.csv"]}
    moves = [r for r in full.tables["mes/reviews.csv"] if r["event"] == "promise_changed"]
    assert moves
    last = {}
    for row in moves:
        before = last.get(row["batch_no"], f"{promised[row['batch_no']]:%Y-%m-%d}")
        assert row["value"] > before
        last[row["batch_no"]] = row["value"]


def test_due_dates_move_from_the_first_promise(full):
    dues = {r["dev_no"]: r for r in full.tables["qms/deviations.csv"]}
    dues |= {r["capa_no"]: r for r in full.tables["qms/capas.csv"]}
    current = {number: row["due_first"] for number, row in dues.items()}
    assert full.tables["qms/due_moves.csv"]
    for move in full.tables["qms/due_moves.csv"]:
        assert move["old"] == current[move["number"]]
        current[move["number"]] = move["new"]
    assert all(current[number] == row["due_current"] for number, row in dues.items())


def test_feedback_is_answered_after_it_was_given_and_ever_later(full):
    rows = {row["line_no"]: row for row in full.tables["mes/usage.csv"]}
    waits = [
        (rows[row["ref"]]["at"], row["at"] - rows[row["ref"]]["at"])
        for row in rows.values()
        if row["event"] == "feedback_answered"
    ]
    assert all(rows[r["ref"]]["event"] == "feedback" for r in rows.values() if r["ref"])
    assert all(wait > timedelta() for _, wait in waits)
    third = len(waits) // 3
    waits.sort()
    early, late = (sorted(w for _, w in part) for part in (waits[:third], waits[-third:]))
    assert late[len(late) // 2] > early[len(early) // 2]


def test_change_of_a_master_goes_its_way(full):
    allowed = {
        "requested": {"drafted"},
        "drafted": {"submitted"},
        "submitted": {"returned", "approved_production"},
        "returned": {"submitted"},
        "approved_production": {"returned", "approved_quality"},
        "approved_quality": {"validated"},
        "validated": {"trained"},
        "trained": {"effective"},
        "effective": {"first_use"},
    }
    flows = defaultdict(list)
    for row in full.tables["mes/mbr_changes.csv"]:
        if row["event"] != "retired":
            flows[row["change_no"]].append(row["event"])
    assert any("returned" in flow for flow in flows.values())
    for flow in flows.values():
        assert flow[0] == "requested"
        assert all(later in allowed[event] for event, later in pairwise(flow))


def test_version_is_used_only_when_effective(full):
    effective = {
        (row["mbr"], row["version"]): row["at"]
        for row in full.tables["mes/mbr_changes.csv"]
        if row["event"] == "effective"
    }
    used = 0
    for row in full.tables["mes/orders.csv"]:
        if row["mbr_version"] != "1" and row["released_to_floor"]:
            assert effective[row["mbr"], row["mbr_version"]] <= row["released_to_floor"]
            used += 1
    assert used > 20


def test_fewer_reviewers_make_batches_wait():
    """Queues are real: with one reviewer in quality the wait for quality grows."""

    def waited(reviewers):
        figures = {"plant": {"years": 0.4}, "review": {"qa_reviewers": reviewers}}
        site = open_plant(load(3, figures=figures))
        site.env.run(until=site.end)
        path = [s for batch in site.batches for s in batch.path if s.cause == "qa_review"]
        return sum(s.until - s.since for s in path)

    assert waited(1) > 1.3 * waited(4)


def test_plant_without_trouble_has_none():
    calm = {
        "floor": dict.fromkeys(
            (
                "pause_rate",
                "correction_rate",
                "error_rate",
                "missing_rate",
                "skip_rate",
                "breakdown_rate",
                "rework_rate",
                "abort_rate",
                "hold_rate",
                "alarm_rate",
                "substituted_rate",
            ),
            0,
        ),
        "decay": dict.fromkeys(
            ("manual_rate", "late_rate", "paper_rate", "override_rate", "not_applicable_rate"), 0
        ),
        "quality": {"deviations_per_batch": 0},
        "plant": {"years": 0.15},
    }
    site = open_plant(load(3, figures=calm))
    site.env.run(until=site.end)
    codes = {row["code"] for row in site.tables["mes/exceptions.csv"]}
    assert codes <= {"alert_limit", "action_limit", "hold_time"}
    assert site.tables["mes/corrections.csv"] == []
    assert all(not batch.aborted and not batch.reworked for batch in site.batches)
    assert {row.get("capture") for row in site.tables["mes/steps.csv"]} <= {"I", "D", "M", None}


def test_margin_before_the_weekend_is_kept(plant):
    closes = timedelta(days=5, hours=14)
    assert WEEK > MARGIN > 0
    for row in plant.tables["mes/steps.csv"]:
        if row["completed"]:
            t = row["completed"]
            since = timedelta(days=t.weekday(), hours=t.hour, minutes=t.minute, seconds=t.second)
            assert since <= closes - timedelta(seconds=MARGIN)
