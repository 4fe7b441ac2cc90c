"""Counts on the steps of a batch: which batches can say something."""

from __future__ import annotations

from daytwo.insight.kpis.batchsteps import of_batches, population
from tests.insight.kpis.plant import day, facts


def test_batches_that_cannot_say_are_told_apart():
    made = facts(
        batch=[
            {"batch_id": "B1", "ended_us": day(1), "steps": 4, "paper_steps": 1},
            {"batch_id": "B2", "ended_us": day(1)},
            {"batch_id": "B3", "decided_us": day(1), "steps": 4},
            {"batch_id": "B4", "aborted_us": day(1), "steps": 4},
            {"batch_id": "B5", "steps": 4},
        ]
    )
    rows = made.engine.rows(of_batches(made, "paper_steps", "steps", "no step"))
    found = {row["subject"]: row for row in rows}
    assert (found["B1"]["numerator"], found["B1"]["denominator"]) == (1, 4)
    assert [(found[f"B{i}"]["why"], found[f"B{i}"]["missing"]) for i in (2, 3, 4, 5)] == [
        ("no step", True),
        ("no end of manufacture recorded", True),
        ("aborted", False),
        ("manufacture has not ended", False),
    ]
    assert len(population(made)) == 1
