"""The release flow's readings against ways counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.flow import flows
from daytwo.insight.kpis.flowtables import (
    flow_tables,
    one_flow,
    slowest,
    spent,
    underway,
    way,
)
from tests.insight.kpis.plant import NOW, day, facts, on


def milestone(seq: int, batch: str, kind: str, at: float, function: str = "") -> dict[str, Any]:
    return {
        "seq": seq,
        "batch_id": batch,
        "kind": kind,
        "function": function or None,
        "at_us": day(at),
        "seq_first": seq,
        "seq_last": seq,
    }


# B1: complete after 2 d, reviewed by production after 6 d more, by quality 1 d, decided 1 d: 10 d.
# B2: complete after 1 d, and then nothing: it waits for production since 21 February.
PLANT = facts(
    batch=[
        {
            "batch_id": "B1",
            "line": "L1",
            "ended_us": day(20),
            "decided_us": day(30),
            "decision": "released",
            "lab_taken_us": day(20),
            "lab_final_us": day(22),
            "lab_final_seq": 77,
        },
        {"batch_id": "B2", "line": "L2", "ended_us": day(50)},
        {"batch_id": "B3", "line": "L2"},
    ],
    milestone=[
        milestone(1, "B1", "complete", 22),
        milestone(2, "B1", "review_opened", 22, "production"),
        milestone(3, "B1", "review_closed", 28, "production"),
        milestone(4, "B1", "review_opened", 28, "quality"),
        milestone(5, "B1", "review_closed", 29, "quality"),
        milestone(6, "B1", "decided", 30),
        milestone(7, "B2", "complete", 51),
    ],
    deviation=[
        {
            "deviation_id": "D1",
            "batch_id": "B1",
            "detected_us": day(19),
            "detected_seq": 40,
            "closed_us": day(21),
            "last_closed_us": day(21),
            "closed_seq": 41,
        },
    ],
)


def test_days_are_told_by_cause_span_and_against_the_period_before() -> None:
    january = Question(Period(day(0), day(31)))
    found = flow_tables(PLANT, Question(Period(day(31), day(59))), january, "month")
    assert {one.cause: one.days for one in found.lost} == pytest.approx(
        {"production_review": 8, "assembly": 1}
    )
    assert found.days == pytest.approx(9)
    assert {c: one.days for c, one in found.before.items()} == pytest.approx(
        {"production_review": 6, "assembly": 2, "qa_review": 1, "qp_decision": 1}
    )
    assert [s.span for s in found.spent] == ["2026-02"]
    assert dict(found.spent[0].days) == pytest.approx({"production_review": 8, "assembly": 1})


def test_spans_of_a_period_add_up_to_its_whole() -> None:
    every = flows(PLANT, Question())
    spans = spent(every, Period(), "month", PLANT.now_us, "UTC")
    assert [s.span for s in spans] == [f"2026-0{n}" for n in range(1, 7)]
    days = (NOW.timestamp() * 1e6 - day(50)) / 86_400e6
    assert sum(d for s in spans for _, d in s.days) == pytest.approx(10 + days)
    assert spent([], Period(), "month", PLANT.now_us, "UTC") == []


def test_slowest_are_of_the_period_and_open_ones_say_what_they_wait_for() -> None:
    every = flows(PLANT, Question())
    assert [f.batch_id for f in slowest(every, Period(day(29), day(31)))] == ["B1"]
    assert slowest(every, Period(day(31), None)) == []
    (still,) = underway(every)
    assert (still.flow.batch_id, still.cause, still.owner) == (
        "B2",
        "production_review",
        "production",
    )
    assert still.days == pytest.approx((on("2026-07-01") - day(50)) / 86_400e6)


def test_filter_narrows_the_flow() -> None:
    found = flow_tables(PLANT, Question(where={"line": "L1"}), None, "month")
    assert [f.batch_id for f in found.decided] == ["B1"]
    assert (found.underway, found.before) == ((), {})


def test_one_way_has_its_events_in_order_those_of_its_deviations_too() -> None:
    flow = one_flow(PLANT, "B1")
    assert flow is not None
    assert flow.hours == pytest.approx(240)
    passed = way(PLANT, "B1")
    assert [(p.seq, p.what) for p in passed] == [
        (40, "deviation_detected"),
        (41, "deviation_closed"),
        (1, "complete"),
        (2, "review_opened"),
        (77, "lab_final"),
        (3, "review_closed"),
        (4, "review_opened"),
        (5, "review_closed"),
        (6, "decided"),
    ]
    assert [p.subject for p in passed][:1] == ["D1"]
    assert one_flow(PLANT, "B3") is None
    assert one_flow(PLANT, "nobody") is None
