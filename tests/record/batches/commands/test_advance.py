"""What follows from a step: the next one, the end, or nothing while something stands in the way."""

from __future__ import annotations

import pytest

from daytwo.kernel.quantity import Quantity
from daytwo.record.batches import queries as q
from daytwo.record.batches.commands.advance import advance, raise_findings
from daytwo.record.batches.enums import StepState
from daytwo.record.batches.rules.discrepancies import finding
from tests import floor
from tests.record.stages import IN_PROCESS

VERIFIED = {IN_PROCESS: StepState.VERIFIED}


def types(pendings) -> list[str]:
    return [type(p.event).__name__ for p in pendings]


def test_next_step_is_offered_when_all_before_are_verified(compressing):
    row = q.batch(floor.BATCH)
    assert advance(row, {}, ()) == []
    assert advance(row, {IN_PROCESS: StepState.DONE}, ()) == []
    [offered] = advance(row, VERIFIED, ())
    assert (offered.event.step_id, offered.stream) == ("CMP-070", f"batch/{floor.BATCH}")


@pytest.mark.requirement("R35")
def test_nothing_is_offered_when_this_very_act_raises_a_blocking_discrepancy(compressing):
    row = q.batch(floor.BATCH)
    of = q.master_step(row, IN_PROCESS)
    raised = raise_findings(row, of, [finding("action_limit", "too heavy")])
    assert types(raised) == ["DiscrepancyRaised", "BatchHeld"]
    assert raised[-1].reason == f"{IN_PROCESS}: too heavy"
    assert advance(row, VERIFIED, raised) == []
    mild = raise_findings(row, of, [finding("alert_limit", "heavy")])
    assert types(mild) == ["DiscrepancyRaised"]
    assert types(advance(row, VERIFIED, mild)) == ["StepOffered"]


def test_hold_tells_of_what_blocks_and_not_of_what_came_before(compressing):
    row = q.batch(floor.BATCH)
    of = q.master_step(row, IN_PROCESS)
    found = [finding("corrected", "was 200.0"), finding("action_limit", "too heavy")]
    raised = raise_findings(row, of, found)
    assert [p.event.discrepancy_id for p in raised[:2]] == [f"{floor.BATCH}/1", f"{floor.BATCH}/2"]
    assert raised[-1].reason == f"{IN_PROCESS}: too heavy"


def test_held_or_ended_batch_is_not_held_again(compressing):
    row = q.batch(floor.BATCH)
    of = q.master_step(row, IN_PROCESS)
    for state in ("held", "complete"):
        row.state = state
        raised = raise_findings(row, of, [finding("action_limit", "too heavy")])
        assert types(raised) == ["DiscrepancyRaised"]


def test_held_batch_advances_only_by_being_resumed(compressing):
    row = q.batch(floor.BATCH)
    row.state = "held"
    assert advance(row, VERIFIED, ()) == []
    assert types(advance(row, VERIFIED, (), resumed=True)) == ["StepOffered"]


def test_manufacture_ends_once(made):
    row = q.batch(floor.BATCH)
    assert advance(row, {}, ()) == []
    row.ended_at = None
    row.state = "running"
    assert types(advance(row, {}, ())) == ["ManufactureEnded"]


def test_no_finding_raises_nothing(compressing):
    row = q.batch(floor.BATCH)
    assert raise_findings(row, q.master_step(row, IN_PROCESS), ()) == []
    assert q.known(row).named["batch_size"] == Quantity.parse("240000 tab")
