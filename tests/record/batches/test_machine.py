"""Random people attempt random acts on a real batch: what must never happen, never does.

Each run starts from a stage of a batch and lets hypothesis choose who attempts what, on which step
and with which entry. After every attempt: a refusal has left the record as it was, and no act has
made two steps due at once. At the end the history is read event by event, by rules written here and
not by those under test, the chain is verified and every row compared with the ledger.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from daytwo.kernel.errors import DaytwoError, Fault
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.batches.enums import RecordState, StepState
from daytwo.record.batches.rules.states import STEP_TRANSITIONS
from daytwo.record.ledger.reading import head_version, stream_events
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.verify import verify
from daytwo.record.quality import commands as quality
from daytwo.record.recipes.document import EnterNumber
from daytwo.record.recipes.enums import SignatureNeed
from daytwo.record.release import commands as release
from tests import floor
from tests.conftest import CAST, Person
from tests.record.attack import STREAM

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from daytwo.record.ledger.envelope import Recorded
    from tests.record.stages import Stages

BATCH = floor.BATCH
ORDER = [placed.step.id for placed in floor.MASTER.steps()]
CHECKED = {
    placed.step.id
    for placed in floor.MASTER.steps()
    if placed.step.signatures is SignatureNeed.PERFORMED_AND_VERIFIED
}
CONTENT = ("batch.step", "batch.discrepancy", "batch.comment", "batch.material", "batch.equipment")


def mostly(*able: str) -> st.SearchStrategy[Person]:
    """Draw those who may do it most of the time, and anybody now and then."""
    return st.sampled_from([*able * (12 // len(able)), *CAST, "ada"]).map(Person)


operators, supervisors = mostly("olga", "otto"), mostly("sam")
reviewers, deciders = mostly("quentin", "quinn"), mostly("paula", "quinn")
how = st.sampled_from(["right", "other", "out", "nonsense"])
places = st.sampled_from([0, 0, 0, -1, -1, 1, -5, 5])
texts = st.sampled_from(["looked at it", " ", "x"])
numbers = st.integers(1, 3).map(lambda n: f"{BATCH}/{n}")


def entry(step_id: str, way: str) -> dict[str, str]:
    """Return an entry that is right, another that is right, one out of limits, or nonsense."""
    of = next(placed.step for placed in floor.MASTER.steps() if placed.step.id == step_id)
    right = floor.entry_for(step_id)
    if way == "right" or not isinstance(of, EnterNumber):
        return right if way in {"right", "other"} else {"value": way}
    last = Decimal(1).scaleb(-of.decimals)
    if way == "other":
        return {"value": str(Decimal(right["value"]) + last)}
    high = of.action_high.value if of.action_high else Decimal(10) ** 6
    return {"value": str((high + last).quantize(last)) if way == "out" else "about right"}


class Floor(RuleBasedStateMachine):
    """One batch, everybody, every act."""

    stages: Stages
    stage: str
    data: Path
    tally: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()

    @initialize()
    def begin(self) -> None:
        self.stack.enter_context(self.stages.copy(self.stage))
        self.states = q.step_states(BATCH)

    def attempt(self, person: Person, command: Any, **given: object) -> None:
        head = head_version(STREAM)
        try:
            person.does(command, batch_id=BATCH, **given)
        except Fault:
            raise
        except DaytwoError as error:
            self.tally[error.code.partition(".")[0]] += 1
            assert head_version(STREAM) == head, (
                f"{command.name} was refused, yet changed something"
            )
            return
        self.tally[command.name] += 1

    def near(self, place: int) -> str:
        """Return the step that is due, or one that is so many steps off."""
        row = q.current_step(BATCH)
        at = ORDER.index(row.step_id) if row is not None else len(ORDER) - 3
        return ORDER[max(0, min(at + place, len(ORDER) - 1))]

    # -------------------------------------------------------------- the right act now and then
    @rule(times=st.integers(1, 6))
    def do_what_is_due_for_a_while(self, times: int) -> None:
        for _ in range(times):
            self.do_what_is_due()

    @rule()
    def do_what_is_due(self) -> None:
        row = q.current_step(BATCH)
        if row is not None and q.batch(BATCH).state != "held" and not q.unanswered(BATCH):
            given = {"step_id": row.step_id}
            if row.state == StepState.DONE:
                checker = "otto" if row.performer_id != "otto" else "olga"
                self.attempt(Person(checker), b.verify_step, **given)
            else:
                who = floor.doer(row.step_id, Person("olga"))
                self.attempt(who, b.complete_step, **given, entry=floor.entry_for(row.step_id))

    @rule()
    def clear_what_stands_in_the_way(self) -> None:
        if q.batch(BATCH).state == "held":
            self.attempt(Person("sam"), b.resume_batch, reason="cleared")
        for name in q.unanswered(BATCH):
            given = {"discrepancy_id": name, "answer": "put right"}
            self.attempt(Person("sam"), b.answer_discrepancy, **given)

    # -------------------------------------------------------------- anything by anybody
    @rule(person=operators, place=places, way=how)
    def complete(self, person: Person, place: int, way: str) -> None:
        self.attempt(
            person, b.complete_step, step_id=self.near(place), entry=entry(self.near(place), way)
        )

    @rule(person=operators, place=places)
    def claim(self, person: Person, place: int) -> None:
        self.attempt(person, b.claim_step, step_id=self.near(place))

    @rule(person=operators, place=places)
    def check(self, person: Person, place: int) -> None:
        self.attempt(person, b.verify_step, step_id=self.near(place))

    @rule(person=operators, place=places, way=how, reason=texts)
    def correct(self, person: Person, place: int, way: str, reason: str) -> None:
        self.attempt(
            person,
            b.correct_step,
            step_id=self.near(place),
            entry=entry(self.near(place), way),
            reason=reason,
        )

    @rule(person=operators, place=st.one_of(st.none(), places), text=texts, stop=st.booleans())
    def report(self, person: Person, place: int | None, text: str, stop: bool) -> None:
        given = {
            "step_id": None if place is None else self.near(place),
            "description": text,
            "stop_work": stop,
        }
        self.attempt(person, b.report_discrepancy, **given)

    @rule(person=supervisors, name=numbers, text=texts)
    def answer(self, person: Person, name: str, text: str) -> None:
        self.attempt(person, b.answer_discrepancy, discrepancy_id=name, answer=text)

    @rule(person=supervisors, verb=st.sampled_from([b.hold_batch, b.resume_batch]), text=texts)
    def hold_or_resume(self, person: Person, verb: Any, text: str) -> None:
        self.attempt(person, verb, reason=text)

    @rule(person=supervisors)
    def complete_the_record(self, person: Person) -> None:
        self.attempt(person, b.complete_record)

    @rule(person=reviewers, verb=st.sampled_from([release.open_review, release.review_record]))
    def review(self, person: Person, verb: Any) -> None:
        self.attempt(person, verb)

    @rule(person=reviewers, text=texts)
    def give_back(self, person: Person, text: str) -> None:
        self.attempt(person, release.return_record, reason=text)

    @rule(
        person=reviewers, name=numbers, route=st.sampled_from(["comment", "exception", "deviation"])
    )
    def classify(self, person: Person, name: str, route: str) -> None:
        given = {"discrepancy_id": name, "route": route, "rationale": "judged"}
        verb = quality.classify_discrepancy
        self.attempt(person, verb, **given, classification="minor")

    @rule(person=deciders, decision=st.sampled_from(["released", "rejected", "perhaps"]))
    def decide(self, person: Person, decision: str) -> None:
        self.attempt(person, release.decide, decision=decision, rationale="decided")

    # -------------------------------------------------------------- what must hold
    @invariant()
    def at_most_one_step_is_due(self) -> None:
        due = [s for s in q.step_states(BATCH).values() if s in {"offered", "claimed"}]
        assert len(due) <= 1

    @invariant()
    def steps_change_only_as_their_table_says(self) -> None:
        now = q.step_states(BATCH)
        for step_id, state in now.items():
            before = StepState(self.states[step_id])
            assert state == before or reachable(before, StepState(state)), (step_id, before, state)
        self.states = now

    def teardown(self) -> None:
        try:
            if hasattr(self, "states"):
                History().read(stream_events(STREAM))
                assert verify(self.data).ok
                assert compare().equal
        finally:
            self.stack.close()


def reachable(before: StepState, after: StepState) -> bool:
    """One act may take a step through several states: claimed and done in one breath."""
    found, new = set(), {before}
    while new:
        new = {s for state in new for s in STEP_TRANSITIONS[state]} - found
        found |= new
    return after in found


class History:
    """A batch's life, read with no other knowledge than the order of its master.

    References:
        21 CFR 11.10(f): no step before its predecessor; 211.188(b)(11): another person checks;
        211.192: nothing changes after completion, and nothing is released unreviewed.
    """

    def __init__(self) -> None:
        self.done: dict[str, str] = {}
        self.waiting: set[str] = set()
        self.blocking: set[str] = set()
        self.record = RecordState.OPEN
        self.held = False

    def read(self, events: Iterable[Recorded]) -> None:
        for event in events:
            if event.type.startswith(CONTENT):
                assert self.record in {RecordState.OPEN, RecordState.RETURNED}, event.type
            handler = getattr(self, event.type.replace(".", "_"), None)
            if handler is not None:
                handler(event)

    def batch_step_claimed(self, _: Recorded) -> None:
        assert not self.held
        assert not self.blocking, "the work went on although something stopped it"

    def batch_step_completed(self, event: Recorded) -> None:
        assert not self.held
        assert not self.blocking, "the work went on although something stopped it"
        place = ORDER.index(event.payload["step_id"])
        assert set(ORDER[:place]) == set(self.done), "a step was done before its predecessor"
        self.done[event.payload["step_id"]] = event.actor.id
        self.waiting |= {event.payload["step_id"]} & CHECKED

    def batch_step_offered(self, _: Recorded) -> None:
        assert not self.waiting, "a step was offered although another waits for its check"
        assert not self.blocking
        assert not self.held

    def batch_step_verified(self, event: Recorded) -> None:
        assert not self.held
        assert self.done[event.payload["step_id"]] != event.actor.id, "one person did and checked"
        self.waiting.remove(event.payload["step_id"])

    def batch_step_corrected(self, event: Recorded) -> None:
        assert not self.held
        assert event.reason
        assert event.reason.strip()
        self.done[event.payload["step_id"]] = event.actor.id
        self.waiting |= {event.payload["step_id"]} & CHECKED

    def batch_discrepancy_raised(self, event: Recorded) -> None:
        self.blocking |= {event.payload["discrepancy_id"]} if event.payload["blocking"] else set()

    def batch_discrepancy_answered(self, event: Recorded) -> None:
        self.blocking.discard(event.payload["discrepancy_id"])

    def batch_held(self, event: Recorded) -> None:
        assert event.reason
        assert not self.held
        self.held = True

    def batch_resumed(self, event: Recorded) -> None:
        assert event.reason
        assert self.held
        self.held = False

    def batch_manufacture_ended(self, _: Recorded) -> None:
        assert set(self.done) == set(ORDER)
        assert not self.held
        assert not self.blocking

    def batch_record_completed(self, event: Recorded) -> None:
        self.batch_manufacture_ended(event)
        assert not self.waiting
        assert event.actor.role == "supervisor"
        self.record = RecordState.COMPLETED

    def release_record_returned(self, event: Recorded) -> None:
        self.judged_by_quality(event, RecordState.RETURNED)

    def release_record_reviewed(self, event: Recorded) -> None:
        assert self.record is RecordState.COMPLETED
        self.judged_by_quality(event, RecordState.REVIEWED)

    def judged_by_quality(self, event: Recorded, becoming: RecordState) -> None:
        assert event.actor.role == "quality"
        assert event.actor.id not in self.done.values()
        self.record = becoming

    def release_batch_decided(self, event: Recorded) -> None:
        if event.payload["decision"] == "released":
            assert self.record is RecordState.REVIEWED
            assert event.actor.role == "qualified_person"
        assert event.actor.id not in self.done.values()
        self.record = RecordState(event.payload["decision"])


WALKS = {
    "compressing": (
        8,
        {"batch.complete_step", "batch.verify_step", "batch.answer_discrepancy", "step", "access"},
    ),
    "made": (6, {"batch.report_discrepancy", "batch.answer_discrepancy", "batch", "access"}),
    "completed": (6, {"release.open_review", "release.decide", "batch", "access"}),
}
"""From where, how often, and what at least must have been done or refused on the way."""


@pytest.mark.requirement("R23")
@pytest.mark.requirement("R26")
@pytest.mark.parametrize("stage", WALKS)
def test_no_sequence_of_acts_breaks_a_batch(site, stages, stage):
    examples, at_least = WALKS[stage]
    tally: Counter[str] = Counter()
    members = {"stages": stages, "stage": stage, "data": site, "tally": tally}
    run_state_machine_as_test(
        type("FloorOfThisSite", (Floor,), members),
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert at_least <= set(tally), tally


def test_reader_of_histories_sees_what_is_wrong(made):
    whole = stream_events(STREAM)
    History().read(whole)
    completed = [e for e in whole if e.type == "batch.step.completed"]
    verified = next(e for e in whole if e.type == "batch.step.verified")
    for wrong in (
        [e for e in whole if e is not completed[3]],
        [e for e in whole if e is not verified],
        [*whole, completed[0]],
    ):
        with pytest.raises((AssertionError, KeyError)):
            History().read(wrong)
