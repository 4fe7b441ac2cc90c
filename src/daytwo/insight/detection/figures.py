"""A KPI as a page shows it: its figure, what it was before, and its trend on a control chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.detection.control import ControlChart, control_chart
from daytwo.insight.kpis.compare import Comparison, against_value
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate, held, trend

if TYPE_CHECKING:
    from daytwo.insight.kpis.cohort import Question
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.value import KpiValue


@dataclass(frozen=True, slots=True)
class Figure:
    """A KPI's figure.

    Attributes:
        found: The figure of the period.
        comparison: It against the period before; None when there is none.
        chart: Its trend within the period; None when it was not asked for.
    """

    found: KpiValue
    comparison: Comparison | None
    chart: ControlChart | None


def figure(
    facts: Facts, kpi_id: str, question: Question, before: Question | None = None, span: str = ""
) -> Figure:
    """Return a KPI's figure with what it is set against.

    Args:
        facts: The facts.
        kpi_id: Such as `K9`.
        question: Period and filters.
        before: The same of another period; None for no comparison.
        span: `week` or `month` for its trend; empty for none.
    """
    of = definition(kpi_id)
    with held(of, facts, before or question) as known:
        found = evaluate(of, known, question)
        return Figure(
            found=found,
            comparison=against_value(found, evaluate(of, known, before)) if before else None,
            chart=control_chart(trend(of, known, question, span)) if span else None,
        )
