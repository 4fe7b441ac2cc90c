"""The sheet of one KPI: figure, groups and open items are the engine's, and explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from daytwo.insight.detection.board import Asked
from daytwo.insight.detection.sheet import sheet
from daytwo.insight.kpis import definition as registry
from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.definition import definition, register
from daytwo.insight.kpis.evaluate import evaluate, groups
from tests.insight.kpis.plant import day, facts
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


def test_split_of_a_move_is_of_what_is_filtered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))
    register(replace(definition("K7b"), version=2))
    lots = [
        {"batch_id": f"{line}{n}", "line": line, "ended_us": day(0), "decided_us": day(decided)}
        | {"decision": "released", "steps": 3, "reworked": line == "L1" and n % 10 < faults}
        for line in ("L1", "L2")
        for decided, faults, start in ((5, 4, 0), (15, 2, 10))
        for n in range(start, start + 10)
    ]
    asked = Asked(Period(day(10), day(20)), Period(day(0), day(10)), (("line", "L1"),))
    split = sheet(facts(batch=lots), "K7b", None, asked, "").split
    assert split is not None
    assert (split.old_before.value, split.old_after.value) == (60, 80)
    assert split.performance == pytest.approx(20)
