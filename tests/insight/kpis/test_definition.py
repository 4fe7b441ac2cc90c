"""KPI definitions: complete, unique, found by discovery."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from daytwo.insight.kpis import definition as kpis
from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.definition import (
    Definition,
    all_definitions,
    definition,
    register,
    versions,
)
from daytwo.insight.kpis.evaluate import evaluate, groups, trend
from daytwo.insight.kpis.explain import explain
from daytwo.insight.kpis.subjects import DIMENSIONS
from daytwo.kernel.errors import Fault, Unknown
from tests.insight.kpis.plant import facts

NOTHING = facts()


@pytest.mark.parametrize("found", all_definitions(), ids=lambda d: d.id)
def test_every_definition_is_complete(found: Definition) -> None:
    assert all(getattr(found, name) not in ("", None) for name in Definition.__dataclass_fields__)
    assert found.trend.split()[0].strip(":") in {"lower", "higher", "closer", "context"}
    assert set(found.dimensions) <= set(DIMENSIONS)


@pytest.mark.parametrize("found", all_definitions(), ids=lambda d: d.id)
def test_nothing_to_count_is_unknown_never_zero(found: Definition) -> None:
    empty = evaluate(found, NOTHING)
    assert (empty.value, empty.n, empty.coverage, empty.interval) == (None, 0, None, None)
    assert groups(found, NOTHING, Question(by=found.dimensions[:1])) == []
    assert trend(found, NOTHING, Question(), "week") == []
    assert explain(found, NOTHING).subjects == ()


@pytest.mark.parametrize("found", all_definitions(), ids=lambda d: d.id)
def test_every_guard_that_is_named_exists(found: Definition) -> None:
    known = {d.id for d in all_definitions()}
    named = re.findall(r"\bK\d+\w*", f"{found.guard} {found.notes} {found.sensitivity}")
    assert all(any(k == name or k.startswith(name) for k in known) for name in named), named


def test_second_definition_of_an_id_is_refused() -> None:
    with pytest.raises(Fault, match="K1"):
        register(definition("K1"))


def test_definition_with_an_empty_field_is_refused() -> None:
    with pytest.raises(Fault, match="guard"):
        register(replace(definition("K1"), id="K999", guard=""))


def test_unknown_id_names_those_that_exist() -> None:
    with pytest.raises(Unknown, match="K1"):
        definition("nonsense")


def test_newest_version_answers_and_older_ones_stay() -> None:
    newer = replace(definition("K1"), id="K998", version=2)
    older = replace(newer, version=1)
    try:
        register(newer)
        register(older)
        assert definition("K998") is newer
        assert definition("K998", 1) is older
        assert versions("K998") == (older, newer)
        with pytest.raises(Unknown, match="only 1, 2"):
            definition("K998", 3)
    finally:
        kpis._REGISTRY.pop(("K998", 1))
        kpis._REGISTRY.pop(("K998", 2))


def test_second_comes_before_tenth() -> None:
    ids = [d.id for d in all_definitions()]
    assert ids.index("K7a") < ids.index("K10")
