"""The board: its figures are the engine's, its legs add up, the oldest open comes first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daytwo.insight.detection.board import CORE, Asked, board
from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts
from tests.insight.kpis.test_flow import BATCHES, DEVIATIONS, MILESTONES

NOW = datetime(2026, 2, 1, tzinfo=UTC)
PLANT = facts(batch=BATCHES, milestone=MILESTONES, deviation=DEVIATIONS, now=NOW)


def test_figures_are_those_of_the_engine():
    asked = Asked(Period(day(0), day(40)), Period(day(-40), day(0)))
    found = board(PLANT, asked)
    assert [f.found.definition.id for f in found.figures] == list(CORE)
    for figure in found.figures:
        of = figure.found.definition
        assert figure.found == evaluate(of, PLANT, Question(asked.period))
        assert asked.before is not None
        assert figure.before == evaluate(of, PLANT, Question(asked.before))


def test_legs_add_up_to_the_mean_release():
    found = board(PLANT, Asked(EVER, None))
    assert found.decided == 1
    assert sum(leg.days for leg in found.legs) == pytest.approx(10)
    assert evaluate(definition("K1"), PLANT).value == 10


def test_oldest_open_comes_first():
    found = board(PLANT, Asked(EVER, None))
    assert [w.subject for w in found.waiting] == ["B2"]
    assert found.waiting[0].days == pytest.approx((31 - 20), abs=1)


def test_what_a_figure_cannot_be_narrowed_by_is_said():
    found = board(PLANT, Asked(EVER, None, (("product_code", "P"),)))
    unheard = {f.found.definition.id: f.unheard for f in found.figures}
    assert unheard["K1"] == ()
    assert unheard["K25"] == ("product_code",)
    assert [flow.batch_id for flow in found.flows] == ["B1"]
