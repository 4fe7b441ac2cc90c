"""K22 by hand: the times of the KPI paper, in minutes 960 from start to end and 420 in work."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts

MINUTE = 1 / 1440
BATCH = {"batch_id": "B1", "started_us": day(1), "ended_us": day(1 + 960 * MINUTE)}


def step(name, claimed, completed, touch, wait, batch="B1"):
    made = {"batch_id": batch, "step_id": name, "touch_min": touch, "wait_min": wait}
    return made | {
        "claimed_us": day(1 + claimed * MINUTE),
        "completed_us": day(1 + completed * MINUTE),
    }


STEPS = [step("S1", 0, 240, 180.0, 0.0), step("S2", 300, 480, 120.0, 60.0)]


@pytest.mark.parametrize(
    ("kpi", "value"), [("K22allocation", 43.75), ("K22touch", 31.25), ("K22queue", 6.25)]
)
def test_allocation_ratio_of_the_kpi_paper_and_its_parts(kpi, value):
    found = evaluate(definition(kpi), facts(batch=[BATCH], step=STEPS))
    assert found.value == pytest.approx(value, abs=1e-6)


def test_cycle_time_in_hours_and_what_still_runs():
    running = {"batch_id": "B2", "started_us": day(1)}
    found = evaluate(definition("K22"), facts(batch=[BATCH, running, {"batch_id": "B3"}]))
    assert (found.value, found.open) == (pytest.approx(16), 1)
    assert dict(found.excluded) == {"not started": 1}


def test_batch_without_steps_says_nothing_of_its_parts():
    found = evaluate(definition("K22touch"), facts(batch=[BATCH]))
    assert (found.value, found.coverage) == (None, 0)
