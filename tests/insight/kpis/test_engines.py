"""Every KPI on every engine: the same figures, groups and trends, to nine digits."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.insight.facts.engine.duck import over_rows
from daytwo.insight.facts.engine.live import over
from daytwo.insight.facts.engine.postgres import PostgresEngine, publish
from daytwo.insight.facts.engine.spark import SparkEngine
from daytwo.insight.facts.follow import Follower
from daytwo.insight.facts.happening import micros
from daytwo.insight.facts.storage.store import Store
from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.columns import columns
from daytwo.insight.kpis.definition import Definition, all_definitions, definition
from daytwo.insight.kpis.evaluate import evaluate, groups, held, trend
from daytwo.insight.kpis.explain import explain
from daytwo.insight.kpis.flow import flows
from daytwo.insight.kpis.subjects import SHIFT, Facts
from tests.insight.facts.test_engine import SOCKETS, kept, postgresql, rows, spark

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["kept", "postgresql", "rows", "spark"]
NOW = micros("2026-06-01")
LATER = Question(Period(micros("2026-01-20"), micros("2026-03-10")))


@pytest.fixture(scope="module", params=["postgresql", pytest.param("spark", marks=SOCKETS)])
def engine(request: pytest.FixtureRequest) -> Iterator[Any]:
    of = request.getfixturevalue("kept")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
        publish(over(of.snapshot()), of.seq, url)
        published = PostgresEngine(url)
        yield published
        published.close()
    else:
        session = request.getfixturevalue("spark")
        folder = request.getfixturevalue("tmp_path_factory").mktemp("spark") / "facts"
        shutil.copytree(of.store.folder, folder)
        stored = Follower(Store(folder), "main")
        stored.refresh()
        yield SparkEngine(session, [folder])


@pytest.fixture(scope="module")
def memory(request: pytest.FixtureRequest) -> Facts:
    return Facts(over_rows(request.getfixturevalue("rows")), NOW, "Europe/Zurich")


def rounded(value: Any) -> Any:
    """Return a figure with its numbers to nine digits: sums differ by the order of adding."""
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def subjects(of: Definition, facts: Facts) -> list[str]:
    return sorted(repr(rounded(row)) for row in facts.engine.rows(of.subjects(facts)))


def answers(of: Definition, facts: Facts) -> list[Any]:
    figures = [evaluate(of, facts, LATER)]
    figures += groups(of, facts, Question(EVER, by=of.dimensions[:2]))
    figures += trend(of, facts, LATER, "week")
    if SHIFT in of.dimensions:
        figures += groups(of, facts, Question(EVER, by=(SHIFT,)))
    listed = [(s.subject, s.kind, s.state, s.why) for s in explain(of, facts).subjects]
    return [rounded([f.as_json() for f in figures]), sorted(listed)]


@pytest.mark.parametrize("of", all_definitions(), ids=lambda d: d.id)
def test_every_engine_sees_the_same_subjects(of: Definition, engine: Any, memory: Facts) -> None:
    assert subjects(of, Facts(engine, NOW, memory.zone)) == subjects(of, memory)


@pytest.mark.parametrize("kpi", ["K1", "K8", "K9", "K12", "K23", "K25"])
def test_every_engine_gives_the_same_figures(kpi: str, engine: Any, memory: Facts) -> None:
    """One of each statistic: groups, trends, Kaplan-Meier and explanations with it."""
    of = definition(kpi)
    assert answers(of, Facts(engine, NOW, memory.zone)) == answers(of, memory)


@pytest.mark.parametrize("kpi", ["K1", "K9", "K25"])
def test_every_engine_gives_the_same_figures_of_what_it_holds(
    kpi: str, engine: Any, memory: Facts
) -> None:
    of = definition(kpi)
    with held(of, Facts(engine, NOW, memory.zone), LATER) as known:
        figures = [evaluate(of, known, LATER), *trend(of, known, LATER, "week")]
    wanted = [evaluate(of, memory, LATER), *trend(of, memory, LATER, "week")]
    assert rounded([f.as_json() for f in figures]) == rounded([f.as_json() for f in wanted])


def as_columns(facts: Facts) -> list[str]:
    """Return one of each statistic, and what is made of two kinds of subjects, in few passes."""
    kpis = ("K1", "K7a", "K8", "K9", "K16fda2015", "K23", "K25", "K25touch")
    some = [definition(kpi) for kpi in kpis]
    found = columns(some, facts, Question(EVER, by=("site",)), "month")
    return sorted(repr(rounded(row)) for table in found for row in table.to_pylist())


def test_every_engine_gives_the_same_columns(engine: Any, memory: Facts) -> None:
    there = as_columns(Facts(engine, NOW, memory.zone))
    assert there == as_columns(memory)
    assert len(there) > 50


def test_every_engine_gives_the_same_flow(engine: Any, memory: Facts) -> None:
    here = flows(Facts(engine, NOW, memory.zone), Question())
    assert here == flows(memory, Question())
    assert here


def test_the_plant_says_something_of_most_kpis(memory: Facts) -> None:
    counted = [of.id for of in all_definitions() if evaluate(of, memory).n]
    assert len(counted) > len(all_definitions()) / 2, counted
