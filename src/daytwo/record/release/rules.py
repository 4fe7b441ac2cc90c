"""What review and disposition ask for: predicates over values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.kernel.errors import Refused
from daytwo.record.access.enums import Role
from daytwo.record.access.errors import SegregationRefused
from daytwo.record.release.enums import Decision

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that stands between a batch and its review or disposition.

    Attributes:
        code: Its kind.
        says: In words.
        target: What to open, such as `discrepancy/B-1/2`.
    """

    code: str
    says: str
    target: str


def check_no_blockers(blockers: Sequence[Blocker]) -> None:
    """Refuse while anything is open; every blocker is named.

    References:
        21 CFR 211.22(a), 211.192: no release before review and investigation are done.
    """
    if blockers:
        words = "; ".join(blocker.says for blocker in blockers[:6])
        count = "1 thing stands" if len(blockers) == 1 else f"{len(blockers)} things stand"
        raise Refused(
            "release.blocked",
            f"{count} in the way: {words}. Nothing was changed.",
            {"blockers": [[b.code, b.says, b.target] for b in blockers]},
        )


def check_independent(person_id: str, doers: Collection[str], act: str) -> None:
    """Refuse a reviewer or decider who had a hand in the batch.

    References:
        21 CFR 211.22, 211.192; draft EU GMP Annex 11 (2025) §12.6: an independent person.
    """
    if person_id in doers:
        raise SegregationRefused(
            "not_independent",
            f"You had a hand in this batch; {act} needs a person of quality who had none.",
        )


def check_may_decide(decision: str, roles: Iterable[str]) -> None:
    """Refuse an unknown decision, and a release by anyone but a qualified person.

    References:
        21 CFR 211.22(a); EU GMP Annex 16 1.1; Annex 11 §15: only a QP certifies.
    """
    if decision not in set(Decision):
        raise Refused("release.decision", f"A batch is {' or '.join(Decision)}.")
    if decision == Decision.RELEASED and Role.QUALIFIED_PERSON not in set(roles):
        raise Refused(
            "release.qualified_person",
            "Only a qualified person certifies and releases. Nothing was changed.",
            {"who_can": [str(Role.QUALIFIED_PERSON)]},
        )
