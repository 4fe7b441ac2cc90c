"""Each step has the signatures its risk needs: no fewer, and a word on more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.recipes.analysis.subject import Finding, Subject, rule
from daytwo.record.recipes.document import (
    ChargeMaterial,
    Confirm,
    EnterChoice,
    EnterNumber,
    EnterText,
    LineClearance,
    Weigh,
)
from daytwo.record.recipes.enums import Check, Criticality, Severity, SignatureNeed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.record.recipes.document import Step

_STRENGTH = {need: strength for strength, need in enumerate(SignatureNeed)}
_CRITICAL = frozenset({Criticality.CPP, Criticality.CQA})
_ENTRIES = (EnterNumber, EnterText, EnterChoice)


def signatures_needed(step: Step) -> SignatureNeed:
    """Return the signatures that a step needs by its kind, criticality and check.

    | Step | Needs |
    |---|---|
    | weigh, charge | performed and verified |
    | value that is CPP or CQA | performed and verified |
    | line clearance | performed and verified |
    | any of these, checked automatically | performed |
    | any other step, or one of criticality GMP | performed |
    | confirmation or value without criticality | none |

    References:
        21 CFR 211.101(c), (d) (components are weighed and added by one person, verified by a
        second); 211.68(c) (with automated equipment one person suffices); 211.103 (yields);
        211.130(e), 211.188(b)(6), (b)(11); EU GMP Annex 11 §6 (second check on critical data).
    """
    critical_entry = isinstance(step, _ENTRIES) and step.criticality in _CRITICAL
    if critical_entry or isinstance(step, Weigh | ChargeMaterial | LineClearance):
        if step.check is Check.AUTOMATIC:
            return SignatureNeed.PERFORMED
        return SignatureNeed.PERFORMED_AND_VERIFIED
    if isinstance(step, (Confirm, *_ENTRIES)) and step.criticality is Criticality.NONE:
        return SignatureNeed.NONE
    return SignatureNeed.PERFORMED


@rule("signature.second_check", Severity.ERROR)
def second_check(subject: Subject) -> Iterator[Finding]:
    """Critical manual work is checked by a second person or by validated equipment.

    References:
        EU GMP Annex 11 §6; 21 CFR 211.101(c), (d), 211.68(c), 211.130(e); R34, R41.
    """
    for placed in subject.steps:
        step = placed.step
        wanted = SignatureNeed.PERFORMED_AND_VERIFIED
        if signatures_needed(step) is wanted and step.signatures is not wanted:
            yield Finding(
                f"{placed.path}.signatures",
                f"{step.id}: a second person must verify this {step.kind}, or a validated device"
                " checks it (check: automatic, with check_reason).",
            )


@rule("signature.missing", Severity.ERROR)
def missing(subject: Subject) -> Iterator[Finding]:
    """A significant step is signed by who performed it, with automatic checks as well.

    References:
        21 CFR 211.188(b)(11), 211.68(c), 211.103; R31, R32.
    """
    for placed in subject.steps:
        step = placed.step
        if (
            signatures_needed(step) is SignatureNeed.PERFORMED
            and step.signatures is SignatureNeed.NONE
        ):
            yield Finding(
                f"{placed.path}.signatures", f"{step.id}: who performs this step must sign it."
            )


@rule("signature.check_reason", Severity.ERROR)
def check_reason(subject: Subject) -> Iterator[Finding]:
    """An automatic check says why it is as good as a second person.

    References:
        21 CFR 211.68(b), (c); EU GMP Annex 11 §6 (validated electronic means).
    """
    for placed in subject.steps:
        step = placed.step
        if step.check is Check.AUTOMATIC and step.check_reason is None:
            yield Finding(
                f"{placed.path}.check",
                f"{step.id}: name the validated device and its validation in check_reason.",
            )


@rule("signature.more_than_needed", Severity.WARNING)
def more_than_needed(subject: Subject) -> Iterator[Finding]:
    """A signature that no risk asks for costs time and attention.

    References:
        ICH Q9(R1) (effort commensurate with risk); EU GMP Chapter 4, 4.20.
    """
    for placed in subject.steps:
        step = placed.step
        needed = signatures_needed(step)
        if _STRENGTH[step.signatures] > _STRENGTH[needed]:
            yield Finding(
                f"{placed.path}.signatures",
                f"{step.id}: {step.signatures} is more than a {step.kind} of criticality"
                f" {step.criticality} needs ({needed}).",
            )


RULES = (second_check, missing, check_reason, more_than_needed)
