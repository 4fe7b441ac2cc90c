"""A KPI's answer: what it rests on, and the contract for programs."""

from __future__ import annotations

from daytwo.insight.kpis.cohort import EVER
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.survival import kaplan_meier
from daytwo.insight.kpis.value import KpiValue

PLAIN = {
    "definition": definition("K1"),
    "value": 5.0,
    "n": 5,
    "coverage": 1.0,
    "interval": None,
    "p90": 40.0,
    "counted": 5,
    "open": 2,
    "excluded": (("aborted", 3), ("rejected, shown apart", 1)),
    "undated": 0,
    "numerator": None,
    "denominator": None,
    "survival": kaplan_meier([1.0, 2.0], [True, False]),
    "group": {"line": None},
    "period": EVER,
    "as_of_us": 7,
}


def test_subjects_are_counted_open_and_left_out():
    assert KpiValue(**PLAIN).subjects == 11
    assert KpiValue(**PLAIN | {"open": None}).subjects == 9


def test_enough_is_the_definitions_minimum():
    assert not KpiValue(**PLAIN).enough
    assert KpiValue(**PLAIN | {"n": 6}).enough


def test_contract_has_what_it_always_had():
    found = KpiValue(**PLAIN).as_json()
    assert found["id"] == "K1"
    assert found["excluded"] == [
        {"why": "aborted", "n": 3},
        {"why": "rejected, shown apart", "n": 1},
    ]
    assert found["interval"] is None
    assert found["censored"] == {"median": 1.0, "interval": [1.0, None]}
    assert KpiValue(**PLAIN | {"survival": None, "interval": (1, 2)}).as_json()["interval"] == [
        1,
        2,
    ]
