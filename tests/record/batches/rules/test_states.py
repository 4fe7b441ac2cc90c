"""The state tables: what may follow what, walked at random and tried pair by pair."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from daytwo.record.batches.enums import BatchState, RecordState, StepState
from daytwo.record.batches.errors import BatchRefused, StepRefused
from daytwo.record.batches.rules import states

R, B, S = RecordState, BatchState, StepState
JUDGED = {R.RELEASED, R.REJECTED}


def reachable(table: dict, start: object) -> set:
    found, new = set(), {start}
    while new:
        found |= new
        new = {after for state in new for after in table[state]} - found
    return found


@pytest.mark.requirement("R26")
@pytest.mark.parametrize(("found", "wanted"), [*product(RecordState, RecordState)])
def test_record_takes_only_the_ways_of_its_table(found, wanted):
    if wanted in states.RECORD_TRANSITIONS[found]:
        states.check_record_may(found, wanted)
        return
    with pytest.raises(BatchRefused) as refused:
        states.check_record_may(found, wanted)
    assert refused.value.code == "batch.record_state"


@pytest.mark.requirement("R26")
@pytest.mark.parametrize(("found", "wanted"), [*product(BatchState, BatchState)])
def test_batch_takes_only_the_ways_of_its_table(found, wanted):
    if wanted in states.BATCH_TRANSITIONS[found]:
        states.check_batch_may(found, wanted)
        return
    with pytest.raises(BatchRefused) as refused:
        states.check_batch_may(found, wanted)
    assert refused.value.code == "batch.state"


@pytest.mark.requirement("R36")
def test_release_is_reached_only_through_completion_and_review():
    before = {s for s, nexts in states.RECORD_TRANSITIONS.items() if R.RELEASED in nexts}
    assert before == {R.REVIEWED}
    assert {s for s, nexts in states.RECORD_TRANSITIONS.items() if R.REVIEWED in nexts} == {
        R.COMPLETED
    }
    assert reachable(states.RECORD_TRANSITIONS, R.OPEN) == set(R) - {R.IMPORTED}


def test_tables_know_every_state_and_dead_ends_are_meant():
    tables = (states.BATCH_TRANSITIONS, B), (states.RECORD_TRANSITIONS, R)
    for table, kind in (*tables, (states.STEP_TRANSITIONS, S)):
        assert set(table) == set(kind)
    ends = {s for table, _ in tables for s, nexts in table.items() if not nexts}
    assert ends == JUDGED | {B.COMPLETE, B.ABORTED, B.IMPORTED}
    assert reachable(states.STEP_TRANSITIONS, S.PENDING) == set(S)


class RecordWalk(RuleBasedStateMachine):
    """Ask for any state at any time; remember what has been signed since the last return."""

    def __init__(self) -> None:
        super().__init__()
        self.state = R.OPEN
        self.path: list[R] = []

    @rule(wanted=st.sampled_from(R))
    def ask(self, wanted: R) -> None:
        try:
            states.check_record_may(self.state, wanted)
        except BatchRefused:
            return
        self.state = wanted
        self.path.append(wanted)

    @precondition(lambda self: self.state in JUDGED)
    @rule(wanted=st.sampled_from(R))
    def reopen(self, wanted: R) -> None:
        with pytest.raises(BatchRefused):
            states.check_record_may(self.state, wanted)

    @invariant()
    def content_is_open_only_before_completion_or_after_a_return(self) -> None:
        if self.state in {R.OPEN, R.RETURNED}:
            states.check_record_open(self.state)
            return
        with pytest.raises(BatchRefused):
            states.check_record_open(self.state)

    @invariant()
    def released_was_completed_and_reviewed_since_the_last_return(self) -> None:
        if self.state is R.RELEASED:
            since = "".join(str(s) + " " for s in self.path).rpartition("returned ")[2].split()
            assert since == ["completed", "reviewed", "released"]


TestRecordWalk = RecordWalk.TestCase
TestRecordWalk.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("state", [s for s in S if s not in {S.OFFERED, S.CLAIMED}])
def test_only_an_offered_or_claimed_step_has_its_turn(state):
    with pytest.raises(StepRefused) as refused:
        states.check_step_turn(state, ["A-020"], "A-010")
    if state is S.PENDING:
        assert refused.value.code == "step.order"
        assert refused.value.info == {"now": ["A-020"]}
        assert "A-020" in str(refused.value)
    else:
        assert refused.value.code == "step.done"


def test_offered_and_claimed_steps_have_their_turn():
    for state in (S.OFFERED, S.CLAIMED):
        states.check_step_turn(state, ["A-010"], "A-010")


def test_step_that_waits_while_nothing_is_offered_says_so():
    with pytest.raises(StepRefused, match="something must be answered first"):
        states.check_step_turn(S.PENDING, [], "A-010")


@pytest.mark.parametrize("state", B)
def test_work_runs_only_on_a_ready_or_running_batch(state):
    if state in {B.READY, B.RUNNING}:
        states.check_runs(state)
    else:
        with pytest.raises(BatchRefused):
            states.check_runs(state)


@pytest.mark.parametrize("state", B)
def test_hold_stops_checking_and_correcting(state):
    if state in {B.HELD, B.ABORTED}:
        with pytest.raises(BatchRefused) as refused:
            states.check_not_held(state)
        assert refused.value.code == "batch.held"
    else:
        states.check_not_held(state)


@pytest.mark.parametrize("state", B)
def test_record_is_completed_only_when_manufacture_has_ended(state):
    if state is B.COMPLETE:
        states.check_ended(state)
    else:
        with pytest.raises(BatchRefused, match=str(state)):
            states.check_ended(state)


@pytest.mark.parametrize(
    ("check", "key"),
    [
        (states.check_all_done, "steps"),
        (states.check_nothing_stale, "steps"),
        (states.check_nothing_unanswered, "discrepancies"),
        (states.check_unblocked, "discrepancies"),
        (states.check_enforceable, "qualifications"),
    ],
)
def test_refusal_names_everything_that_is_open(check, key):
    check([])
    names = [f"X-{n:03d}" for n in range(20)]
    with pytest.raises((BatchRefused, StepRefused)) as refused:
        check(names)
    assert refused.value.info[key] == names
    assert "X-000" in str(refused.value)
