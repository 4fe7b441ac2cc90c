"""Subjects made at no time: at any present the same as those made for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daytwo.insight.kpis.anytime import subjects_of
from daytwo.insight.kpis.definition import definition
from tests.insight.kpis.plant import day, facts
from tests.insight.kpis.rules import every_version, name_of


@pytest.mark.parametrize("of", every_version(), ids=name_of)
def test_subjects_are_those_of_the_present_and_the_zone(of):
    for zone in ("UTC", "Europe/Zurich"):
        for now in (day(10), day(500)):
            given = replace(facts(zone=zone), now_us=now)
            assert subjects_of(of, given).equals(of.subjects(given))


def test_definition_that_computes_otherwise_is_not_taken_for_another():
    k1, given = definition("K1"), facts()
    slower = replace(k1, subjects=lambda f: k1.subjects(f).mutate(value=k1.subjects(f).value + 1))
    assert not subjects_of(slower, given).equals(subjects_of(k1, given))
