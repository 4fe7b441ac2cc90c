"""KPIs in few passes: what shares rows and a stop event is counted together, and nothing else."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.definition import all_definitions, definition
from daytwo.insight.kpis.passes import COUNTS, LACKS, LEFT_OUT, WAITS, passes
from tests.insight.kpis.plant import day, facts

ROWS = [
    {"batch_id": "B1", "ended_us": day(0), "decided_us": day(3), "decision": "released"},
    {"batch_id": "B2", "ended_us": day(1), "decided_us": day(4), "decision": "rejected"},
    {"batch_id": "B3", "decided_us": day(5), "decision": "released"},
    {"batch_id": "B4", "ended_us": day(2)},
]


def shared(*kpis: str, question: Question | None = None) -> list[list[str]]:
    made = facts(batch=ROWS)
    found = passes([definition(kpi) for kpi in kpis], made, question or Question())
    return [[branch.of.id for branch in one.branches] for one in found]


def test_what_stops_at_the_same_event_of_the_same_rows_is_one_pass():
    assert shared("K1", "K1rejected", "K7b", "K2") == [["K1", "K1rejected", "K7b"], ["K2"]]
    # Deviations by their record, and the batches that they are set against with K6.
    assert shared("K9", "K6") == [["K9"], ["K9", "K6"]]


def test_ranks_of_a_union_and_persons_are_not_counted_apart():
    assert shared("K25") == [["K25"]]


def test_all_of_them_take_about_half_as_many_passes():
    split = [of.id for of in all_definitions() if "product_code" in of.dimensions]
    assert len(shared(*split)) < len(split) * 2 / 3


def test_where_a_subject_stands_is_what_its_rules_say():
    made = facts(batch=ROWS)
    (one,) = passes([definition("K1")], made, Question())
    place = one.branches[0].subject["place"].to_expr().name("place")
    rows = made.engine.rows(one.rows.select("batch_id", place=place).order_by("batch_id"))
    assert [row["place"] for row in rows] == [COUNTS, LEFT_OUT, LACKS, WAITS]


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        (Question(), 1),
        (Question(Period(day(3), day(4))), 1),
        (Question(Period(day(3.5), None)), 0),
        (Question(EVER, {"site": "S1"}), 1),
        (Question(EVER, {"site": "S2"}), 0),
    ],
)
def test_sums_are_of_what_was_asked(question, counted):
    made = facts(batch=ROWS)
    (one,) = passes([definition("K1")], made, question)
    found = made.engine.rows(one.summed(question, "year", "UTC"))
    assert sum(row["counted_0"] for row in found) == counted
