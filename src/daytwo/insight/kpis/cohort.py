"""Which subjects belong to a period: by their stop event; what has not ended then is open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daytwo.insight.kpis.expressions import made_once
from daytwo.insight.kpis.subjects import EXCLUDED, OPEN, certain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import Table

UNDATED = "undated"
"""State of what no time is known of, when a period is asked for."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time, microseconds UTC; None is unbounded.

    Attributes:
        since_us: First instant that belongs to it.
        until_us: First instant that no longer does.
    """

    since_us: int | None = None
    until_us: int | None = None


EVER = Period()


@dataclass(frozen=True, slots=True)
class Question:
    """What of a KPI is asked for.

    Attributes:
        period: Subjects by their stop event.
        where: Only these values of dimensions, such as `{"site": "S1"}`.
        by: One figure for each value of these dimensions.
    """

    period: Period = EVER
    where: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything there is belongs to the answer."""
        return self.period == EVER and not self.where


def as_of(period: Period, now_us: int) -> int:
    """Return the time at which open subjects are as old as they are said to be."""
    return now_us if period.until_us is None else min(period.until_us, now_us)


@made_once
def placed(subjects: Table, period: Period) -> Table:
    """Return the subjects of a period, as they were when it ended.

    What stopped later and had begun is open. What is left out and has no time at all becomes
    `undated`: it is told, but belongs to no period.

    Args:
        subjects: Of `subjects.subjects`.
        period: The span.
    """
    if period == EVER:
        return subjects
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    table, since, until = subjects, period.since_us, period.until_us
    if since is not None:
        table = table.filter(table.stop_us.isnull() | (table.stop_us >= since))
    if until is not None:
        begun = certain(table.start_us < until)
        ended_later = certain(table.stop_us >= until)
        is_open = (table.state == OPEN) & table.start_us.notnull()
        table = table.filter(begun | ~(ended_later | is_open))
    later = ibis.literal(value=False) if until is None else certain(table.stop_us >= until)
    nothing = ibis.null("float64")
    undated = (table.state == EXCLUDED) & table.stop_us.isnull()
    return table.mutate(
        state=ibis.cases((later, OPEN), (undated, UNDATED), else_=table.state),
        why=ibis.ifelse(later, "", table.why),
        missing=table.missing & ~later,
        value=ibis.ifelse(later, nothing, table.value),
        numerator=ibis.ifelse(later, nothing, table.numerator),
        denominator=ibis.ifelse(later, nothing, table.denominator),
        stop_us=ibis.ifelse(later, ibis.null("int64"), table.stop_us),
    )
