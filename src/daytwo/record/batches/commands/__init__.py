"""Verbs of batches: order, execute, correct, report, answer, hold, complete."""

from daytwo.record.batches.commands.discrepancies import (
    add_comment,
    answer_discrepancy,
    report_discrepancy,
)
from daytwo.record.batches.commands.orders import hold_batch, issue_order, resume_batch
from daytwo.record.batches.commands.records import complete_record
from daytwo.record.batches.commands.steps import (
    claim_step,
    complete_step,
    correct_step,
    verify_step,
)

__all__ = [
    "add_comment",
    "answer_discrepancy",
    "claim_step",
    "complete_record",
    "complete_step",
    "correct_step",
    "hold_batch",
    "issue_order",
    "report_discrepancy",
    "resume_batch",
    "verify_step",
]
