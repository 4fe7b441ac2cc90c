"""K17 by hand: 400 tests, 10 out of specification, 4 invalidated, by two denominators."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def a_result(name, stage="final", **more):
    made = {"seq": 1, "result_id": name, "sample_id": "S1", "kind": "result", "stage": stage}
    return made | {"final_us": day(1), "product_code": "P"} | more


def oos(name, outcome, result="R0", **more):
    made = {"oos_id": name, "result_id": result, "sample_id": "S1", "opened_us": day(1)}
    decided = day(5) if outcome else None
    return made | {"outcome": outcome, "decided_us": decided} | more


TESTS = [a_result(f"R{i}") for i in range(400)]
TEN = [oos(f"O{i}", "invalidated" if i < 4 else "confirmed", f"R{i}") for i in range(10)]


def test_ten_out_of_four_hundred_of_the_kpi_paper():
    found = facts(result=TESTS, oos=TEN)
    by_oos, by_tests = (evaluate(definition(name), found) for name in ("K17fda", "K17ispe"))
    assert (by_oos.value, by_oos.n) == (pytest.approx(40.0), 10)
    assert (by_tests.value, by_tests.n) == (pytest.approx(1.0), 400)


def test_other_stages_and_undecided_ones_are_told_apart():
    results = [a_result("R1"), a_result("R2", "incoming"), a_result("R3", None), a_result("R4")]
    rows = [
        oos("O1", "invalidated", "R1"),
        oos("O2", "invalidated", "R2"),
        oos("O3", "confirmed", "R3"),
        oos("O4", None, "R4"),
    ]
    found = evaluate(definition("K17fda"), facts(result=results, oos=rows))
    assert (found.value, found.n, found.open) == (100, 1, 1)
    assert dict(found.excluded) == {
        "not of a release or stability test": 1,
        "no stage of the test recorded": 1,
    }


def test_stage_of_the_sample_counts_where_the_result_is_not_known():
    samples = [{"sample_id": "S1", "stage": "final"}]
    found = evaluate(definition("K17fda"), facts(sample=samples, oos=[oos("O1", "confirmed")]))
    assert (found.value, found.n) == (0, 1)


def test_yields_are_no_tests():
    results = [a_result("R1"), a_result("Y1", kind="yield")]
    assert evaluate(definition("K17ispe"), facts(result=results)).n == 1
