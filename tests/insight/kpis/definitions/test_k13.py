"""K13 by hand: what was declared, and what the deviations after the action say."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def capa(name, verdict, of="D1", closed=10, **more):
    made = {"capa_id": name, "deviation_id": of, "verdict": verdict, "horizon_days": 90}
    made |= {"closed_us": None if closed is None else day(closed), "planned_us": day(9)}
    return made | {"evaluated_us": day(closed + 90) if verdict else None} | more


def deviation(name, occurred, cause="worn seal", area="Granulation"):
    made = {"deviation_id": name, "occurred_us": day(occurred)}
    return made | {"root_cause": cause, "area": area}


CAPAS = [
    capa("C1", "effective"),
    capa("C2", "effective", of="D2"),
    capa("C3", "not_effective", of="D2"),
    capa("C4", None, of="D2"),
    capa("C5", None, closed=150),
    capa("C6", None, closed=None),
    capa("C7", "effective", planned_us=None),
]


def test_due_and_not_judged_counts_as_not_passed():
    found = evaluate(definition("K13"), facts(capa=CAPAS))
    assert (found.value, found.n, found.open) == (50, 4, 1)
    assert dict(found.excluded) == {
        "action not taken yet": 1,
        "no effectiveness check stated before": 1,
    }


def test_cause_that_strikes_again_within_the_horizon_was_not_cured():
    deviations = [
        deviation("D1", 1),
        deviation("D2", 2, cause="wrong label"),
        deviation("D3", 60, cause="Worn seal "),
        deviation("D4", 200, cause="wrong label"),
        deviation("D5", 50, cause="wrong label", area="Packaging"),
    ]
    found = evaluate(definition("K13repeat"), facts(capa=CAPAS, deviation=deviations))
    assert (found.value, found.numerator, found.n) == (75, 3, 4)


def test_without_a_cause_nothing_can_be_recomputed():
    deviations = [deviation("D1", 1, cause=""), deviation("D2", 1)]
    found = evaluate(definition("K13repeat"), facts(capa=CAPAS[:2], deviation=deviations))
    assert (found.n, found.coverage) == (1, 0.5)
