"""What is checked of the data: a rule for each letter of ALCOA+, and times that should be known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Says = Callable[[Any], Any]

LETTERS = (
    "attributable",
    "legible",
    "contemporaneous",
    "original",
    "accurate",
    "complete",
    "consistent",
    "enduring",
    "available",
    "traceable",
)
"""ALCOA, the four of its plus, and the one of its double plus, in their order."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the rows of a fact.

    Attributes:
        id: Its name in addresses.
        letter: One of `LETTERS`; empty for a time that should be known.
        words: What breaks it, in words.
        fact: The fact table.
        at: The time by which a row belongs to a period.
        subject: Columns that name a row.
        base: Which rows are looked at.
        broken: Which of them break it.
    """

    id: str
    letter: str
    words: str
    fact: str
    at: str
    subject: tuple[str, ...]
    base: Says
    broken: Says


def _all(t: Any) -> Any:
    return t.seq_first.notnull()


def _done(t: Any) -> Any:
    return t.completed_us.notnull()


def _entered(t: Any) -> Any:
    return t.entries > 0


def _blank(column: str) -> Says:
    return lambda t: t[column].fill_null("").strip() == ""


def _unknown(column: str) -> Says:
    return lambda t: t[column].isnull()


def _known(column: str) -> Says:
    return lambda t: t[column].notnull()


def _before(later: str, earlier: str) -> Says:
    """Say that what must come later came earlier."""
    return lambda t: t[later] < t[earlier]


def _step(id_: str, letter: str, words: str, base: Says, broken: Says) -> Check:
    return Check(id_, letter, words, "step", "completed_us", ("batch_id", "step_id"), base, broken)


CHECKS = (
    _step(
        "performer", "attributable", "steps done by nobody on record", _done, _blank("performer")
    ),
    Check(
        "signer",
        "attributable",
        "signatures without a signer",
        "signature",
        "signed_us",
        ("record", "seq"),
        _all,
        _blank("signer"),
    ),
    Check(
        "reviewer",
        "attributable",
        "reviews without a reviewer",
        "review",
        "opened_us",
        ("batch_id", "function", "number"),
        _all,
        _blank("reviewer"),
    ),
    Check(
        "unreadable",
        "legible",
        "numbers reported that cannot be read as one",
        "result",
        "entered_us",
        ("row_id",),
        lambda t: t.unit.notnull() & (t.unit != ""),
        lambda t: t.value.isnull() & t.entered_us.notnull(),
    ),
    _step(
        "late",
        "contemporaneous",
        "entries over 30 minutes after the activity",
        _entered,
        lambda t: t.late,
    ),
    _step(
        "early",
        "contemporaneous",
        "entries written down before the activity",
        lambda t: t.noted_us.notnull() & _done(t),
        _before("noted_us", "completed_us"),
    ),
    _step("paper", "original", "steps done on paper and entered later", _done, lambda t: t.paper),
    _step(
        "by-hand",
        "original",
        "entries by hand although an interface exists",
        _entered,
        lambda t: t.instead,
    ),
    _step(
        "corrected-after",
        "accurate",
        "entries corrected after they were signed",
        _entered,
        lambda t: t.corrected_after > 0,
    ),
    Check(
        "superseded",
        "accurate",
        "results that a later one replaced",
        "result",
        "entered_us",
        ("row_id",),
        _known("final_us"),
        lambda t: t.superseded,
    ),
    Check(
        "missing",
        "complete",
        "required entries missing, or steps skipped",
        "discrepancy",
        "raised_us",
        ("discrepancy_id",),
        _all,
        lambda t: t.code.isin(["missing", "skipped"]),
    ),
    Check(
        "without-result",
        "complete",
        "batches decided without a final result on record",
        "batch",
        "decided_us",
        ("batch_id",),
        lambda t: t.decided_us.notnull() & (t.decision == "released"),
        _unknown("lab_final_us"),
    ),
    _step(
        "step-order",
        "consistent",
        "steps completed before they were begun",
        lambda t: t.claimed_us.notnull() & _done(t),
        _before("completed_us", "claimed_us"),
    ),
    Check(
        "batch-order",
        "consistent",
        "batches decided before their manufacture ended",
        "batch",
        "decided_us",
        ("batch_id",),
        lambda t: t.decided_us.notnull() & t.ended_us.notnull(),
        _before("decided_us", "ended_us"),
    ),
    Check(
        "deviation-order",
        "consistent",
        "deviations detected before they occurred, or closed before they were detected",
        "deviation",
        "recorded_us",
        ("deviation_id",),
        _known("detected_us"),
        lambda t: (t.detected_us < t.occurred_us) | (t.closed_us < t.detected_us),
    ),
    Check(
        "sample-order",
        "consistent",
        "samples received before they were taken",
        "sample",
        "received_us",
        ("sample_id",),
        _known("taken_us"),
        _before("received_us", "taken_us"),
    ),
    Check(
        "change-request",
        "traceable",
        "versions in use without a change request",
        "mbr_change",
        "effective_us",
        ("mbr_id", "version"),
        lambda t: t.effective_us.notnull() & (t.version > 1),
        _blank("change_id"),
    ),
    Check(
        "deviation-batch",
        "traceable",
        "deviations that belong to no batch",
        "deviation",
        "recorded_us",
        ("deviation_id",),
        _all,
        _blank("batch_id"),
    ),
)
"""The checks of the letters that facts can show; of the others nothing is claimed."""


def _time(fact: str, column: str, at: str, subject: str, base: Says) -> Check:
    id_ = f"{fact}-{column.removesuffix('_us').replace('_', '-')}"
    words = f"{fact}: {column.removesuffix('_us').replace('_', ' ')}"
    return Check(id_, "", words, fact, at, tuple(subject.split()), base, _unknown(column))


TIMES = (
    _time("batch", "started_us", "ended_us", "batch_id", _known("ended_us")),
    _time("batch", "ended_us", "decided_us", "batch_id", _known("decided_us")),
    _time("batch", "submitted_us", "decided_us", "batch_id", _known("decided_us")),
    _time("batch", "reviewed_us", "decided_us", "batch_id", _known("decided_us")),
    _time("batch", "lab_final_us", "decided_us", "batch_id", _known("decided_us")),
    _time("step", "claimed_us", "completed_us", "batch_id step_id", _done),
    _time("step", "touch_min", "completed_us", "batch_id step_id", _done),
    _time("step", "noted_us", "completed_us", "batch_id step_id", _entered),
    _time("sample", "received_us", "taken_us", "sample_id", _known("final_us")),
    _time("sample", "first_test_us", "taken_us", "sample_id", _known("final_us")),
    _time("deviation", "occurred_us", "recorded_us", "deviation_id", _known("recorded_us")),
    _time("deviation", "detected_us", "recorded_us", "deviation_id", _known("recorded_us")),
    _time("deviation", "cause_us", "recorded_us", "deviation_id", _known("closed_us")),
    _time("capa", "evaluated_us", "closed_us", "capa_id", _known("closed_us")),
    _time("review", "closed_us", "opened_us", "batch_id function number", _known("outcome")),
    _time("mbr_change", "requested_us", "effective_us", "mbr_id version", _known("effective_us")),
    _time("labour", "end_us", "start_us", "seq", _known("start_us")),
)
"""Times without which a KPI leaves something out."""
