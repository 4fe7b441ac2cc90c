"""What is counted on the steps of a batch: subjects with a number of each batch and its base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.subjects import Facts, lacking, leave_out, subjects

if TYPE_CHECKING:
    from collections.abc import Callable

    from ibis.expr.types import Table


def population(facts: Facts) -> list[Table]:
    """Return every batch."""
    return [facts.table("batch")]


def of_batches(facts: Facts, number: str | Callable[[Table], Any], base: str, lacks: str) -> Table:
    """Return one subject a batch manufactured with a count of it and what it is set against.

    Args:
        facts: The facts.
        number: Column of the batch fact that is counted, or what is made of its columns.
        base: Column that it is set against; empty for the batch itself.
        lacks: Reason where the base is 0: nothing can be said of such a batch.
    """
    b = facts.table("batch")
    denominator: Any = b[base] if base else 1
    nothing = b[base] == 0 if base else b.steps == 0
    return subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(b.ended_us.isnull() & b.aborted_us.notnull(), "aborted"),
            lacking(b.ended_us.isnull() & b.decided_us.notnull(), "no end of manufacture recorded"),
            leave_out(b.ended_us.isnull(), "manufacture has not ended"),
            lacking(nothing, lacks),
        ],
        numerator=b[number] if isinstance(number, str) else number(b),
        denominator=denominator,
        stop_us=b.ended_us.coalesce(b.decided_us, b.aborted_us, b.started_us, b.planned_us),
    )
