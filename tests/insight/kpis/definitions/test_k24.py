"""K24 by hand: the times of the KPI paper, and breakdowns."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts

STATES = [
    {
        "equipment_id": "press",
        "number": number,
        "state": name,
        "from_us": day(number),
        "to_us": day(number + 1),
        "hours": hours,
    }
    for number, (name, hours) in enumerate(
        [("busy", 5.0), ("setup", 2.0), ("down", 1.0), ("down", 3.0), ("busy", 495.0)]
    )
]


def test_utilisation_of_the_kpi_paper():
    found = evaluate(definition("K24"), facts(equipment_state=STATES[:2]))
    assert found.value == pytest.approx(71.43, abs=0.01)


def test_throughput_of_the_kpi_paper():
    batch = {
        "batch_id": "B1",
        "started_us": day(1),
        "ended_us": day(1 + 960 / 1440),
        "units": 500,
    }
    found = evaluate(definition("K24throughput"), facts(batch=[batch, {"batch_id": "B2"}]))
    assert found.value == pytest.approx(0.521, abs=5e-4)


def test_breakdowns_by_hours_and_by_number():
    lasting = STATES[2] | {"number": 9, "to_us": None, "hours": None}
    found = facts(equipment_state=[*STATES, lasting])
    repair, failures = (evaluate(definition(k), found) for k in ("K24repair", "K24failures"))
    assert (repair.value, repair.n, repair.open) == (2, 2, 1)
    assert (failures.value, failures.numerator, failures.denominator) == (6, 3, 500)
    assert failures.interval is not None
