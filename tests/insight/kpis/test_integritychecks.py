"""The checks of the data speak of facts and columns that there are, each by its own name."""

from __future__ import annotations

from collections import Counter

import pytest

from daytwo.insight.facts.registry import by_name
from daytwo.insight.kpis.integritychecks import CHECKS, LETTERS, TIMES, Check
from tests.insight.kpis.plant import facts

EVERY = (*CHECKS, *TIMES)


def test_every_check_has_a_name_of_its_own_and_a_letter() -> None:
    assert [i for i, n in Counter(check.id for check in EVERY).items() if n > 1] == []
    assert {check.letter for check in CHECKS} <= set(LETTERS)
    assert {check.letter for check in TIMES} == {""}


@pytest.mark.parametrize("check", EVERY, ids=lambda check: check.id)
def test_check_can_be_asked_of_an_empty_plant_and_finds_nothing(check: Check) -> None:
    columns = {column.name for column in by_name()[check.fact].columns}
    assert {check.at, *check.subject} <= columns
    plant = facts()
    table = plant.table(check.fact)
    found = table.filter(check.base(table)).filter(check.broken(table))
    assert plant.engine.rows(found.aggregate(n=found.count())) == [{"n": 0}]
