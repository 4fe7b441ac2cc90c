"""K23 by hand: the times of the KPI paper give 62.5 × 83.3 × 95.0 = 49.5 %."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate, groups
from daytwo.insight.kpis.explain import explain
from tests.insight.kpis.plant import day, facts

MINUTE = 1 / 1440


def state(number, name, minutes, **more):
    made = {"equipment_id": "press", "number": number, "state": name, "product_code": "P"}
    made |= {"from_us": day(1), "to_us": day(1 + minutes * MINUTE), "hours": minutes / 60}
    return made | more


STATES = [
    state(1, "busy", 300),
    state(2, "setup", 120),
    state(3, "down", 60),
    state(4, "cleaning", 90),
    state(5, "idle", 999),
]


def lot(number, decision="released"):
    """Twenty lots of 25 units, each planned for 12.5 min (0.5 a unit) and made in 15."""
    return {
        "batch_id": f"B{number}",
        "product_code": "P",
        "planned_start_us": day(1),
        "planned_end_us": day(1 + 12.5 * MINUTE),
        "started_us": day(1),
        "ended_us": day(1 + 15 * MINUTE),
        "decided_us": day(2),
        "decision": decision,
    }


MADE = facts(equipment_state=STATES, batch=[lot(i) for i in range(19)] + [lot(19, "rejected")])


@pytest.mark.parametrize(
    ("kpi", "value"),
    [
        ("K23availability", 62.5),
        ("K23effectiveness", 83.333),
        ("K23quality", 95.0),
        ("K23", 49.479),
    ],
)
def test_times_of_the_kpi_paper(kpi, value):
    found = evaluate(definition(kpi), MADE)
    assert found.value == pytest.approx(value, abs=1e-3)


def test_product_states_no_interval_and_is_explained():
    found = explain(definition("K23"), MADE)
    assert (found.value.interval, found.value.numerator) == (None, None)
    assert len(found.subjects) == 45
    assert dict(found.value.excluded) == {"idle, cleaning or maintenance": 2}


def test_product_is_unknown_while_a_factor_is():
    assert evaluate(definition("K23"), facts(equipment_state=STATES)).value is None


def test_each_product_has_its_own_factors():
    other = [state(9, "busy", 60, product_code="Q")]
    batches = [lot(i) for i in range(2)]
    made = groups(
        definition("K23"),
        facts(equipment_state=STATES + other, batch=batches),
        Question(by=("product_code",)),
    )
    assert [(v.group["product_code"], v.value) for v in made] == [
        ("P", pytest.approx(62.5 * 0.83333, abs=1e-2)),
        ("Q", None),
    ]
