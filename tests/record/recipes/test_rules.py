"""Life cycle and approval: every illegal move, and every way to approve alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.record.recipes.enums import ApprovalFunction as F
from daytwo.record.recipes.enums import MbrStatus as S
from daytwo.record.recipes.errors import (
    ApprovalIncomplete,
    ApprovalRefused,
    OwnApprovalRefused,
    ReasonMissing,
    TransitionRefused,
    VersionRefused,
)
from daytwo.record.recipes.rules import (
    IN_PREPARATION,
    TRANSITIONS,
    Approval,
    Submission,
    is_approved,
    may_become,
    missing_functions,
    require_approvable,
    require_approved,
    require_may_become,
    require_next_version,
    require_reason,
    standing_approvals,
)

LEGAL = {
    (None, S.REQUESTED),
    (S.REQUESTED, S.DRAFTED),
    (S.DRAFTED, S.DRAFTED),
    (S.DRAFTED, S.SUBMITTED),
    (S.SUBMITTED, S.RETURNED),
    (S.SUBMITTED, S.APPROVED),
    (S.RETURNED, S.DRAFTED),
    (S.APPROVED, S.EFFECTIVE),
    (S.APPROVED, S.SUPERSEDED),
    (S.EFFECTIVE, S.SUPERSEDED),
}
HASH = "a" * 64
SUBMISSION = Submission(2, HASH, 3, frozenset({"aron", "anna"}))
SAM = Approval("sam", F.PRODUCTION, HASH, 3)
QUINN = Approval("quinn", F.QUALITY, HASH, 3)


@pytest.mark.requirement("R26")
@pytest.mark.parametrize(("found", "wanted"), list(itertools.product([None, *S], S)))
def test_life_cycle_allows_the_legal_moves_only(found: S | None, wanted: S) -> None:
    assert may_become(found, wanted) is ((found, wanted) in LEGAL)
    if (found, wanted) in LEGAL:
        require_may_become(found, wanted)
    else:
        with pytest.raises(TransitionRefused):
            require_may_become(found, wanted)


def test_every_state_has_a_row_and_what_is_superseded_stays_so() -> None:
    assert TRANSITIONS.keys() == {None, *S}
    assert TRANSITIONS[S.SUPERSEDED] == frozenset()


@given(st.lists(st.sampled_from(S), max_size=12))
def test_nothing_gets_effective_without_submission_and_approval(moves: list[S]) -> None:
    state: S | None = None
    seen: list[S] = []
    for wanted in moves:
        if may_become(state, wanted):
            state = wanted
            seen.append(wanted)
    if S.EFFECTIVE in seen:
        place = seen.index(S.EFFECTIVE)
        assert seen[place - 2 : place] == [S.SUBMITTED, S.APPROVED]


def test_refusal_names_the_states_from_which_it_is_allowed() -> None:
    with pytest.raises(TransitionRefused) as refused:
        require_may_become(S.DRAFTED, S.APPROVED)
    assert refused.value.info["allowed"] == ["submitted"]


@pytest.mark.parametrize(
    ("wanted", "states"),
    [
        (1, {}),
        (2, {1: S.EFFECTIVE}),
        (3, {1: S.SUPERSEDED, 2: S.EFFECTIVE}),
        (2, {1: S.APPROVED}),
    ],
)
def test_next_version_follows_the_last(wanted: int, states: dict[int, S]) -> None:
    require_next_version(wanted, states)


@pytest.mark.parametrize("wanted", [0, 1, 3, 4, -1])
def test_version_out_of_turn_is_refused(wanted: int) -> None:
    with pytest.raises(VersionRefused):
        require_next_version(wanted, {1: S.EFFECTIVE})


@pytest.mark.parametrize("state", sorted(IN_PREPARATION))
def test_second_version_in_preparation_is_refused(state: S) -> None:
    with pytest.raises(VersionRefused) as refused:
        require_next_version(3, {1: S.EFFECTIVE, 2: state})
    assert refused.value.info["open"] == 2


@pytest.mark.requirement("R06")
@pytest.mark.parametrize("reason", [None, "", " ", "\t\n"])
def test_missing_reason_is_refused(reason: str | None) -> None:
    with pytest.raises(ReasonMissing):
        require_reason(reason)
    require_reason("The limits of step GRN-070 were tightened.")


@pytest.mark.requirement("R29")
def test_two_persons_of_production_and_quality_approve() -> None:
    require_approvable(SUBMISSION, [], SAM)
    assert not is_approved(SUBMISSION, [SAM])
    require_approvable(SUBMISSION, [SAM], QUINN)
    assert is_approved(SUBMISSION, [SAM, QUINN])
    require_approved(SUBMISSION, [QUINN, SAM])


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("given_", [[], [SAM], [QUINN], [SAM, SAM]])
def test_one_approval_is_not_enough(given_: list[Approval]) -> None:
    with pytest.raises(ApprovalIncomplete):
        require_approved(SUBMISSION, given_)


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("author", ["aron", "anna"])
@pytest.mark.parametrize("function", F)
def test_author_does_not_approve(author: str, function: F) -> None:
    with pytest.raises(OwnApprovalRefused):
        require_approvable(SUBMISSION, [], Approval(author, function, HASH, 3))


@pytest.mark.requirement("R29")
def test_one_person_does_not_approve_for_both() -> None:
    both = Approval("sam", F.QUALITY, HASH, 3)
    with pytest.raises(ApprovalRefused) as refused:
        require_approvable(SUBMISSION, [SAM], both)
    assert refused.value.code == "mbr.approval_twice"
    assert missing_functions(SUBMISSION, [SAM, both]) == {F.QUALITY}


def test_function_approves_once() -> None:
    with pytest.raises(ApprovalRefused) as refused:
        require_approvable(SUBMISSION, [QUINN], Approval("quentin", F.QUALITY, HASH, 3))
    assert refused.value.code == "mbr.approval_function"


@pytest.mark.requirement("R16")
def test_approval_of_other_content_is_refused() -> None:
    with pytest.raises(ApprovalRefused) as refused:
        require_approvable(SUBMISSION, [], Approval("sam", F.PRODUCTION, "b" * 64, 3))
    assert refused.value.code == "mbr.approval_content"


@pytest.mark.parametrize("approval_round", [0, 2, 4])
def test_approval_of_another_round_is_refused(approval_round: int) -> None:
    with pytest.raises(ApprovalRefused) as refused:
        require_approvable(SUBMISSION, [], Approval("sam", F.PRODUCTION, HASH, approval_round))
    assert refused.value.code == "mbr.approval_round"


@pytest.mark.requirement("R16")
@pytest.mark.parametrize(
    "stale",
    [
        Approval("quinn", F.QUALITY, HASH, 2),
        Approval("quinn", F.QUALITY, "b" * 64, 3),
        Approval("aron", F.QUALITY, HASH, 3),
    ],
)
def test_approval_of_an_earlier_round_or_content_or_an_author_does_not_count(
    stale: Approval,
) -> None:
    assert standing_approvals(SUBMISSION, [stale]) == ()
    assert not is_approved(SUBMISSION, [SAM, stale])
    # Nor does it stand in the way of a fresh one.
    require_approvable(SUBMISSION, [stale], QUINN)
