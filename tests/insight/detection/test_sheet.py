"""The sheet of one KPI: figure, groups and open items are the engine's, and explained."""

from __future__ import annotations

from datetime import UTC, datetime

from daytwo.insight.detection.board import Asked
from daytwo.insight.detection.sheet import sheet
from daytwo.insight.kpis.cohort import EVER, Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate, groups
from tests.insight.kpis.plant import facts
from tests.insight.kpis.test_flow import BATCHES, DEVIATIONS, MILESTONES

NOW = datetime(2026, 2, 1, tzinfo=UTC)
PLANT = facts(batch=BATCHES, milestone=MILESTONES, deviation=DEVIATIONS, now=NOW)


def test_figure_and_groups_are_those_of_the_engine() -> None:
    of = definition("K1")
    found = sheet(PLANT, "K1", None, Asked(EVER, None), "product_code")
    assert found.figure.found == evaluate(of, PLANT)
    expected = groups(of, PLANT, Question(EVER, {}, ("product_code",)))
    assert {repr(g) for g in found.groups} == {repr(g) for g in expected}
    counts = [group.subjects for group in found.groups]
    assert counts == sorted(counts, reverse=True)


def test_what_is_open_is_listed_and_every_subject_explained() -> None:
    found = sheet(PLANT, "K1", None, Asked(EVER, None), "")
    assert found.groups == ()
    assert [one.subject for one in found.waiting] == ["B2"]
    assert len(found.explained.subjects) == found.figure.found.subjects


def test_one_version_has_nothing_beside_it() -> None:
    found = sheet(PLANT, "K1", None, Asked(EVER, None), "")
    assert (found.versions, found.split) == ((), None)
