"""Life cycle and approval of a master batch record, as predicates over values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

TRANSITIONS: dict[S | None, frozenset[S]] = {
    None: frozenset({S.REQUESTED}),
    S.REQUESTED: frozenset({S.DRAFTED}),
    S.DRAFTED: frozenset({S.DRAFTED, S.SUBMITTED}),
    S.SUBMITTED: frozenset({S.RETURNED, S.APPROVED}),
    S.RETURNED: frozenset({S.DRAFTED}),
    S.APPROVED: frozenset({S.EFFECTIVE, S.SUPERSEDED}),
    S.EFFECTIVE: frozenset({S.SUPERSEDED}),
    S.SUPERSEDED: frozenset(),
    S.IMPORTED: frozenset(),
}
"""The states that a version may take next, by the state it is in; None is before the request.

An imported version is another system's: it tells of its life, and nothing is issued from it."""

IN_PREPARATION = frozenset({S.REQUESTED, S.DRAFTED, S.SUBMITTED, S.RETURNED})
"""States of a version that is not yet approved; a record has at most one such version."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What was submitted for approval, and who had a hand in it."""

    version: int
    content_hash: str
    approval_round: int
    authors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's approval, of one content in one round."""

    person: str
    function: F
    content_hash: str
    approval_round: int


def may_become(found: S | None, wanted: S) -> bool:
    """Say whether a version in one state may take another.

    References:
        21 CFR 211.100(a), 211.186(a); 21 CFR 11.10(f).
    """
    return wanted in TRANSITIONS[found]


def require_may_become(found: S | None, wanted: S) -> None:
    """Refuse a step of the life cycle that the table does not have.

    Raises:
        TransitionRefused: The version is in another state.

    References:
        21 CFR 211.100(a), 211.186(a); 21 CFR 11.10(f).
    """
    if not may_become(found, wanted):
        sources = (state for state, nexts in TRANSITIONS.items() if state and wanted in nexts)
        raise TransitionRefused(found, wanted, sources)


def require_next_version(wanted: int, states: Mapping[int, S]) -> None:
    """Refuse a version that does not follow the last, or a second one in preparation.

    Args:
        wanted: The version asked for, from 1.
        states: State of each version that exists.

    Raises:
        VersionRefused: Another number is due, or a version is still in preparation.

    References:
        21 CFR 211.186; EU GMP Chapter 4, 4.2 and 4.3 (one current, unambiguous version).
    """
    due = max(states, default=0) + 1
    standing = [version for version, state in states.items() if state in IN_PREPARATION]
    if standing or wanted != due:
        raise VersionRefused(wanted, due, min(standing, default=None))


def require_reason(reason: str | None) -> None:
    """Refuse a return or a request of change without a reason.

    Raises:
        ReasonMissing: There is no reason, or only blanks.

    References:
        EU GMP Annex 11 §9; 21 CFR 11.10(e).
    """
    if not (reason or "").strip():
        raise ReasonMissing


def require_approvable(submission: Submission, given: Collection[Approval], new: Approval) -> None:
    """Refuse an approval by an author, a second one by a person or for a function, or of old text.

    Args:
        submission: What is up for approval now.
        given: The approvals of this version so far, of any round.
        new: The approval that a person wants to give.

    Raises:
        OwnApprovalRefused: The person wrote or submitted the version.
        ApprovalRefused: Wrong round or content, or the person or function has approved already.

    References:
        21 CFR 211.186(a) (prepared by one person, independently checked by a second);
        21 CFR 211.22(c), 211.100(a) (reviewed and approved by the quality control unit).
    """
    if new.person in submission.authors:
        raise OwnApprovalRefused(new.person)
    if new.approval_round != submission.approval_round:
        raise ApprovalRefused(
            "round",
            f"The version is in approval round {submission.approval_round} by now. Look again.",
            found=new.approval_round,
            expected=submission.approval_round,
        )
    if new.content_hash != submission.content_hash:
        raise ApprovalRefused(
            "content",
            "What was shown is not what was submitted. Look again.",
            found=new.content_hash,
            expected=submission.content_hash,
        )
    standing = standing_approvals(submission, given)
    if any(approval.person == new.person for approval in standing):
        raise ApprovalRefused(
            "twice",
            "You have approved this version already; a second person must.",
            person=new.person,
        )
    if any(approval.function is new.function for approval in standing):
        raise ApprovalRefused(
            "function", f"The approval of {new.function} was given already.", function=new.function
        )


def standing_approvals(submission: Submission, given: Iterable[Approval]) -> tuple[Approval, ...]:
    """Return the approvals that count: of this round, of this content, not by an author.

    References:
        21 CFR 11.70 (a signature binds to the content that was signed).
    """
    return tuple(
        approval
        for approval in given
        if approval.approval_round == submission.approval_round
        and approval.content_hash == submission.content_hash
        and approval.person not in submission.authors
    )


def missing_functions(submission: Submission, given: Iterable[Approval]) -> frozenset[F]:
    """Return the functions whose approval by a person of its own is still missing.

    A person who approved for both functions counts for one only.

    References:
        21 CFR 211.186(a): two persons; 211.100(a): the unit concerned and quality.
    """
    counted: dict[str, F] = {}
    for approval in standing_approvals(submission, given):
        if approval.function not in counted.values():
            counted.setdefault(approval.person, approval.function)
    return frozenset(F) - frozenset(counted.values())


def is_approved(submission: Submission, given: Iterable[Approval]) -> bool:
    """Say whether production and quality have approved, by two persons who are not authors.

    References:
        21 CFR 211.186(a), 211.100(a).
    """
    return not missing_functions(submission, given)


def require_approved(submission: Submission, given: Iterable[Approval]) -> None:
    """Refuse to go on with a version that one function has not approved.

    Raises:
        ApprovalIncomplete: One approval or both are missing.

    References:
        21 CFR 211.186(a), 211.100(a).
    """
    missing = missing_functions(submission, given)
    if missing:
        raise ApprovalIncomplete(missing)
