"""State tables of batch, record and step, and what each state allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.batches.enums import BatchState as B
from daytwo.record.batches.enums import RecordState as D
from daytwo.record.batches.enums import StepState as S
from daytwo.record.batches.errors import BatchRefused, StepRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

BATCH_TRANSITIONS: dict[B, frozenset[B]] = {
    B.READY: frozenset({B.RUNNING, B.HELD, B.ABORTED}),
    B.RUNNING: frozenset({B.HELD, B.COMPLETE, B.ABORTED}),
    B.HELD: frozenset({B.RUNNING, B.READY, B.ABORTED}),
    B.COMPLETE: frozenset(),
    B.ABORTED: frozenset(),
    B.IMPORTED: frozenset(),
}
"""Procedural states that may follow (ISA-88.00.01 §6.5)."""

RECORD_TRANSITIONS: dict[D, frozenset[D]] = {
    D.OPEN: frozenset({D.COMPLETED}),
    D.RETURNED: frozenset({D.COMPLETED}),
    D.COMPLETED: frozenset({D.REVIEWED, D.RETURNED, D.REJECTED}),
    D.REVIEWED: frozenset({D.RELEASED, D.REJECTED, D.RETURNED}),
    D.RELEASED: frozenset(),
    D.REJECTED: frozenset(),
    D.IMPORTED: frozenset(),
}
"""States of the record that may follow."""

STEP_TRANSITIONS: dict[S, frozenset[S]] = {
    S.PENDING: frozenset({S.OFFERED}),
    S.OFFERED: frozenset({S.CLAIMED}),
    S.CLAIMED: frozenset({S.CLAIMED, S.DONE, S.VERIFIED}),
    S.DONE: frozenset({S.VERIFIED, S.DONE}),
    S.VERIFIED: frozenset({S.DONE, S.VERIFIED}),
}
"""States of a step that may follow: another person may take over what one has claimed; done is
verified at once where no second person is due; a correction takes a verified step back to done."""

OPEN_FOR_ENTRY = frozenset({D.OPEN, D.RETURNED})
"""States of a record in which its content may still change."""


def check_batch_may(found: str, wanted: B) -> None:
    """Refuse a change of the batch's state that the table does not have.

    References:
        ISA-88.00.01; 21 CFR 11.10(f): permitted sequencing of steps and events.
    """
    if wanted not in BATCH_TRANSITIONS[B(found)]:
        raise BatchRefused("state", f"A batch that is {found} cannot become {wanted}.")


def check_record_may(found: str, wanted: D) -> None:
    """Refuse a change of the record's state that the table does not have.

    References:
        21 CFR 211.192, 11.10(f): no disposition before review, no review before completion.
    """
    if wanted not in RECORD_TRANSITIONS[D(found)]:
        raise BatchRefused(
            "record_state", f"A record that is {found} cannot become {wanted}. Nothing was changed."
        )


def check_record_open(found: str) -> None:
    """Refuse every change of content once the record is completed.

    References:
        21 CFR 211.180(a), 11.10(e); EU GMP Annex 11 §9: changes only under control.
    """
    if D(found) not in OPEN_FOR_ENTRY:
        raise BatchRefused(
            "record_closed",
            f"The record is {found}; nothing in it can be changed any more."
            " Quality can return it with a reason.",
        )


def check_runs(state: str) -> None:
    """Refuse work on a batch that is held, aborted or complete.

    References:
        ISA-88.00.01 §6.5; 21 CFR 211.100(b).
    """
    if B(state) not in {B.READY, B.RUNNING}:
        raise BatchRefused("not_running", f"The batch is {state}. A supervisor can resume a hold.")


def check_not_held(state: str) -> None:
    """Refuse to check or correct anything on a batch that is held or aborted.

    References:
        ISA-88.00.01 §6.5; 21 CFR 211.100(b): a hold stops all work until it is resumed.
    """
    if B(state) in {B.HELD, B.ABORTED}:
        raise BatchRefused("held", f"The batch is {state}. A supervisor can resume a hold.")


def check_ended(state: str) -> None:
    """Refuse to complete the record of a batch whose manufacture has not ended.

    References:
        21 CFR 211.188(b), 211.192: a complete record is reviewed.
    """
    if B(state) is not B.COMPLETE:
        raise BatchRefused(
            "not_ended", f"The batch is {state}; its record can be completed once it has ended."
        )


def check_unblocked(blocking: Sequence[str]) -> None:
    """Refuse to go on with a step while something that stops the work waits for its answer.

    References:
        21 CFR 211.100(b), 211.110(c), 211.192.
    """
    if blocking:
        raise StepRefused(
            "blocked",
            f"The work stands until a supervisor has answered: {', '.join(blocking)}.",
            {"discrepancies": list(blocking), "who_can": ["supervisor"]},
        )


def check_enforceable(qualifications: Sequence[str]) -> None:
    """Refuse a master that asks for qualifications: nothing here could check them yet.

    References:
        21 CFR 211.25(a), 11.10(i): what is asked for is shown to be held; silence never passes.
    """
    if qualifications:
        names = ", ".join(sorted(set(qualifications)))
        raise BatchRefused(
            "qualification",
            f"The master asks for qualifications ({names}) that cannot be checked here yet."
            " Nothing was issued. The author can ask for a role instead.",
            {"qualifications": sorted(set(qualifications))},
        )


def check_checked_by_people(automatic: Sequence[str]) -> None:
    """Refuse a master whose steps are to be checked by devices: none is connected yet.

    References:
        21 CFR 211.68(c), 211.188(b)(11); EU GMP Annex 11 §6; silence never passes.
    """
    if automatic:
        raise BatchRefused(
            "automatic_check",
            f"No device can check {', '.join(automatic)} here yet. Nothing was issued."
            " The author can ask for a second person's verification instead.",
            {"steps": list(automatic)},
        )


def check_step_turn(state: str, offered: Sequence[str], step_id: str) -> None:
    """Refuse a step that is not the one whose turn it is.

    Args:
        state: The step's state.
        offered: Ids of the steps that may be done now.
        step_id: The step that was asked for.

    References:
        21 CFR 11.10(f): enforce permitted sequencing; 211.100(b).
    """
    if S(state) in {S.OFFERED, S.CLAIMED}:
        return
    if S(state) is S.PENDING:
        turn = ", ".join(offered) or "none: something must be answered first"
        raise StepRefused(
            "order", f"{step_id} is not due yet. To be done now: {turn}.", {"now": list(offered)}
        )
    raise StepRefused("done", f"{step_id} is {state} already. A correction can change an entry.")


def check_all_done(open_steps: Sequence[str]) -> None:
    """Refuse to complete a record with steps pending or not verified.

    References:
        21 CFR 211.188(b), 211.192: a complete record is reviewed.
    """
    if open_steps:
        shown = ", ".join(open_steps[:8])
        count = "1 step is" if len(open_steps) == 1 else f"{len(open_steps)} steps are"
        raise BatchRefused(
            "steps_open",
            f"{count} not done or not verified: {shown}.",
            {"steps": list(open_steps)},
        )


def check_nothing_stale(stale: Sequence[str]) -> None:
    """Refuse to complete a record in which a result does not follow from the entries any more.

    References:
        21 CFR 211.68(b), 211.103, 211.188(b)(7): yields are calculated from what stands.
    """
    if stale:
        raise BatchRefused(
            "stale",
            f"{', '.join(stale)}: calculated from an entry that was corrected since."
            " Correct it too: its result is calculated anew.",
            {"steps": list(stale)},
        )


def check_nothing_unanswered(unanswered: Sequence[str]) -> None:
    """Refuse to complete a record with discrepancies that nobody has answered.

    References:
        21 CFR 211.192, 211.100(b): deviations are recorded and justified.
    """
    if unanswered:
        raise BatchRefused(
            "discrepancies_open",
            f"{len(unanswered)} discrepancy(ies) wait for an answer: {', '.join(unanswered)}.",
            {"discrepancies": list(unanswered)},
        )
