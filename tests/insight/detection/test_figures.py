"""A KPI with its trend and what it is set against."""

from __future__ import annotations

from daytwo.insight.detection.figures import figure
from daytwo.insight.kpis.cohort import Period, Question
from tests.insight.kpis.plant import day, facts

PLANT = facts(
    batch=[
        {"batch_id": f"B{n}", "started_us": day(n), "ended_us": day(n + 1)} for n in range(0, 60, 3)
    ],
    deviation=[
        {"deviation_id": f"D{n}", "detected_us": day(n), "recorded_us": day(n)} for n in (2, 40, 50)
    ],
)


def test_figure_stands_beside_the_one_before_and_its_trend() -> None:
    now, before = Question(Period(day(31), day(59))), Question(Period(day(0), day(31)))
    found = figure(PLANT, "K9", now, before, "month")
    assert (found.found.numerator, found.found.denominator) == (2, 10)
    assert found.comparison is not None
    assert found.comparison.against == 100 / 10
    assert found.chart is not None
    assert (found.chart.kind, [p.label for p in found.chart.points]) == ("u", ["2026-02"])


def test_figure_alone_has_no_trend_and_is_set_against_nothing() -> None:
    found = figure(PLANT, "K9", Question())
    assert (found.comparison, found.chart) == (None, None)
    assert found.found.numerator == 3
