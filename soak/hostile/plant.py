"""The site of the drill: people, a master, lots, equipment, and batches in three states."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from django.core.management import call_command

from daytwo.doors.jobs.demo.cast import Hand, employ
from daytwo.doors.jobs.demo.hands import conforming_entry
from daytwo.doors.jobs.demo.plant import (
    approve_example,
    install_equipment,
    make_ready,
    receive_series,
)
from daytwo.record.batches import commands as batches
from daytwo.record.batches import queries
from daytwo.record.release import commands as release

if TYPE_CHECKING:
    from daytwo.record.recipes.document import MasterBatchRecord


def furnish() -> None:
    """Make the tables and the site: a released batch, a running one, one that has not begun."""
    call_command("migrate", verbosity=0)
    employ()
    master = approve_example()
    equipment = install_equipment(master)
    receive_series(master, 1, 4)
    make_ready(equipment)
    for number in (1, 2, 3):
        Hand("sam").does(
            batches.issue_order,
            batch_id=f"B-{number}",
            order_id=f"O-{number}",
            mbr_id=master.id,
            number=1,
        )
    _execute(master, "B-1", 1000)
    Hand("sara").does(batches.complete_record, batch_id="B-1")
    Hand("quentin").does(release.open_review, batch_id="B-1")
    Hand("quentin").does(release.review_record, batch_id="B-1")
    Hand("paula").does(
        release.decide, batch_id="B-1", decision="released", rationale="record conforms"
    )
    make_ready(equipment)
    _execute(master, "B-2", 12)
    Hand("olga").does(
        batches.report_discrepancy,
        batch_id="B-2",
        step_id=None,
        description="a drum stands in the way",
        stop_work=False,
    )


def _execute(master: MasterBatchRecord, batch_id: str, most: int) -> None:
    steps = {placed.step.id: placed.step for placed in master.steps()}
    for _ in range(most):
        row = queries.current_step(batch_id)
        if row is None:
            return
        step = steps[row.step_id]
        hand = Hand("sam" if step.performed_by == "supervisor" else "otto")
        entry = conforming_entry(step, batch_id, Random(step.id))
        hand.does(batches.complete_step, batch_id=batch_id, step_id=step.id, entry=entry)
        if queries.step(batch_id, step.id).state == "done":
            Hand("sara").does(batches.verify_step, batch_id=batch_id, step_id=step.id)
