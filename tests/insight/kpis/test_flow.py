"""Release flow: batches on their way in a period, and the days lost to each cause."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from daytwo.insight.kpis import flow
from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.criticalpath import OWNERS
from daytwo.kernel.errors import Fault, Refused
from tests.insight.kpis.plant import day, facts

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def milestone(seq: int, batch: str, number: float, kind: str, function: str = "") -> dict[str, Any]:
    made = {"seq": seq, "seq_first": seq, "batch_id": batch, "kind": kind}
    return made | {"function": function or None, "at_us": day(number)}


BATCHES = [
    {
        "batch_id": "B1",
        "product_code": "P",
        "line": "L1",
        "ended_us": day(0),
        "decided_us": day(10),
        "decision": "released",
        "lab_taken_us": day(-1),
        "lab_final_us": day(6),
    },
    {"batch_id": "B2", "product_code": "Q", "line": "L2", "ended_us": day(20)},
    {"batch_id": "B3", "product_code": "P", "line": "L1"},
]
MILESTONES = [
    milestone(1, "B1", 1, "complete"),
    milestone(2, "B1", 1, "submitted"),
    milestone(3, "B1", 2, "review_opened", "production"),
    milestone(4, "B1", 3, "review_closed", "production"),
    milestone(5, "B1", 8, "review_opened", "quality"),
    milestone(6, "B1", 9, "review_closed", "quality"),
]
DEVIATIONS = [
    {
        "deviation_id": "D1",
        "batch_id": "B1",
        "detected_us": day(-1),
        "recorded_us": day(-1),
        "triaged_us": day(0),
        "assigned_us": day(2),
        "cause_us": day(6.5),
        "closed_us": day(7),
        "last_closed_us": day(7),
    }
]


def made(**more: Any) -> Any:
    given = {"batch": BATCHES, "milestone": MILESTONES, "deviation": DEVIATIONS} | more
    return facts(now=NOW, **given)


def test_legs_of_a_batch_and_what_is_still_on_its_way() -> None:
    one, two = flow.flows(made(), Question())
    assert {cause: hours / 24 for cause, hours in one.legs.items()} == {
        "assembly": 1,
        "production_review": 2,
        "deviation": 4,
        "qa_review": 2,
        "qp_decision": 1,
    }
    assert one.hours == 240
    assert [w.detail for w in one.waits if w.cause == "deviation"] == [
        "D1: investigation",
        "D1: closing",
    ]
    assert (two.batch_id, two.legs, two.decided_us) == ("B2", {"assembly": 264}, None)


def test_deviation_opened_again_is_open() -> None:
    again = [DEVIATIONS[0] | {"open": True}]
    batch = BATCHES[0] | {"decided_us": None, "decision": None}
    [found] = flow.flows(made(batch=[batch], milestone=MILESTONES[:4], deviation=again), Question())
    assert found.waits[-1].cause == "deviation"
    assert found.waits[-1].until_us == day(31)


def test_release_waits_for_results_of_the_making_too() -> None:
    sample = {"sample_id": "S1", "batch_id": "B1", "stage": "in_process", "taken_us": day(-1)}
    late = sample | {"results": 2, "final": 2, "final_us": day(7.5)}
    one, _ = flow.flows(made(sample=[late]), Question())
    assert {w.detail: w.hours for w in one.waits if w.cause == "laboratory"} == {
        "in-process results not final": 108
    }
    assert "deviation" not in one.legs, "it was closed before"
    assert one.legs["qa_review"] == 36
    batch = BATCHES[0] | {"decided_us": None, "decision": None}
    for lacking in ({"results": 2, "final": 1}, {"results": 0, "final": 0}):
        some = made(batch=[batch], milestone=MILESTONES[:4], sample=[late | lacking])
        [found] = flow.flows(some, Question())
        assert (found.waits[-1].cause, found.waits[-1].until_us) == ("laboratory", day(31))


def test_days_lost_are_ranked_and_add_up() -> None:
    found = flow.flows(made(), Question())
    lost = flow.lost(found, EVER, day(31))
    assert [(one.cause, round(one.days, 6), one.batches) for one in lost] == [
        ("assembly", 12, 2),
        ("deviation", 4, 1),
        ("production_review", 2, 1),
        ("qa_review", 2, 1),
        ("qp_decision", 1, 1),
    ]
    assert sum(one.share for one in lost) == pytest.approx(1)
    assert lost[0].days_per_year == pytest.approx(12 * 365 / 31)
    assert all(one.owner == OWNERS[one.cause] for one in lost)


def test_period_takes_the_instants_within_it() -> None:
    period = Period(day(5), day(21))
    found = flow.flows(made(), Question(period))
    lost = {one.cause: one.days for one in flow.lost(found, period, day(31))}
    assert lost == pytest.approx({"deviation": 2, "qa_review": 2, "qp_decision": 1, "assembly": 1})
    assert flow.flows(made(), Question(Period(day(11), day(19)))) == []


def test_filter_by_line_and_nothing_else() -> None:
    assert [f.batch_id for f in flow.flows(made(), Question(where={"line": "L2"}))] == ["B2"]
    with pytest.raises(Refused, match="severity"):
        flow.flows(made(), Question(where={"severity": "major"}))


def test_nothing_on_its_way_lost_nothing() -> None:
    assert flow.lost(flow.flows(facts(), Question()), EVER, day(9)) == []


def test_path_with_a_gap_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = flow.critical_path
    monkeypatch.setattr(flow, "critical_path", lambda *given: whole(*given)[1:])
    with pytest.raises(Fault, match="gap"):
        flow.flows(made(), Question())
    monkeypatch.setattr(flow, "critical_path", lambda *given: whole(*given)[:-1])
    with pytest.raises(Fault, match="end"):
        flow.flows(made(), Question())
