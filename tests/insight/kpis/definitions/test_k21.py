"""K21 by hand: yields of one phase."""

from __future__ import annotations

from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate, groups
from tests.insight.kpis.plant import day, facts


def measured(seq, value, phase="granulation", kind="yield"):
    made = {"seq": seq, "batch_id": f"B{seq}", "kind": kind, "test_code": phase}
    return made | {"value": value, "final_us": day(seq)}


def test_yields_of_each_phase_and_nothing_else():
    rows = [measured(1, 97.0), measured(2, 99.0), measured(3, 101.5), measured(4, None)]
    rows += [measured(5, 90.0, "coating"), measured(6, 12.0, kind="result")]
    found = facts(result=rows)
    assert (evaluate(definition("K21"), found).n, evaluate(definition("K21"), found).coverage) == (
        4,
        0.8,
    )
    made = groups(definition("K21"), found, Question(by=("test_code",)))
    assert [(v.group["test_code"], v.value) for v in made] == [("coating", 90), ("granulation", 99)]
