"""K7 by hand: the four variants differ on the same five lots, as they must."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def lot(name, **more):
    made = {"batch_id": name, "ended_us": day(0), "decided_us": day(5), "decision": "released"}
    return made | {"reviewed_us": day(4), "steps": 30, "lab_final_us": day(3)} | more


def result(lot_id, verdict="within", **more):
    made = {"seq": 1, "result_id": f"R-{lot_id}", "batch_id": lot_id, "kind": "result"}
    return made | {"stage": "final", "verdict": verdict} | more


LOTS = [
    lot("B1"),
    lot("B2", corrections_after=2),
    lot("B3", reworked=True),
    lot("B4", deviations=1),
    lot("B5", decision="rejected"),
]
RESULTS = [result(f"B{i}") for i in range(1, 5)] + [result("B5", "oos")]


@pytest.mark.parametrize(("kpi", "right"), [("K7a", 4), ("K7b", 4), ("K7c", 2), ("K7d", 3)])
def test_variants_differ_and_never_mix(kpi, right):
    found = evaluate(definition(kpi), facts(batch=LOTS, result=RESULTS))
    assert (found.numerator, found.denominator) == (right, 5)
    assert found.value == pytest.approx(20 * right)


def test_lot_without_steps_or_review_says_nothing_about_its_record():
    rows = [lot("B1"), lot("B2", steps=0), lot("B3", reviewed_us=None), lot("B4", decided_us=None)]
    found = evaluate(definition("K7a"), facts(batch=rows))
    assert (found.value, found.n, found.open) == (100, 1, 1)
    assert dict(found.excluded) == {"no step on record": 1, "record not reviewed": 1}
    assert found.coverage == 0.5


def test_invalidated_result_is_an_error_of_measurement_not_of_the_lot():
    oos = [{"oos_id": "O1", "result_id": "R-B5", "outcome": "invalidated"}]
    found = evaluate(definition("K7d"), facts(batch=LOTS, result=RESULTS, oos=oos))
    assert found.numerator == 4
    assert found.interval == (pytest.approx(37.55, abs=0.01), pytest.approx(96.38, abs=0.01))


def test_two_failed_tests_of_one_lot_are_one_lot():
    more = [*RESULTS, result("B5", "oos", seq=9, result_id="R-again")]
    found = evaluate(definition("K7d"), facts(batch=LOTS, result=more))
    assert (found.numerator, found.subjects) == (3, 5)
