"""Order statistics that an engine hands over: those that a median and its limits need."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.insight.kpis.ranks import WIDTH, first_rank, in_order, nine_tenths, picked
from daytwo.insight.kpis.statistics import median_rank
from tests.insight.kpis.plant import facts


def of_values(values):
    """Return what is picked of the values, as minutes late of usage rows."""
    made = facts(result=[{"result_id": f"R{i}", "value": v} for i, v in enumerate(values)])
    table = made.table("result")
    counted = table.filter(table.value.notnull())
    groups = counted.group_by("site").aggregate(
        valued=counted.count(), ordered=in_order(table.value)
    )
    return made.engine.rows(picked(groups))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 7, 10, 59, 60, 61, 400, 1001])
def test_ranks_are_those_of_the_sorted_values(n):
    values = [(i * 7919) % 104_729 / 7 for i in range(n)]
    (found,) = of_values([*values[: n // 2], None, *values[n // 2 :]])
    ordered = sorted(values)
    first = first_rank(n)
    assert found["site"] == "S1"
    assert (found["middle"], found["upper"]) == (ordered[(n - 1) // 2], ordered[n // 2])
    assert found["p90"] == ordered[math.ceil(0.9 * n - 1e-9) - 1] == ordered[nine_tenths(n) - 1]
    assert found["low"] == ordered[first - 1 : first - 1 + WIDTH]
    assert list(reversed(found["high"])) == list(reversed(ordered))[first - 1 : first - 1 + WIDTH]


@given(st.integers(6, 100_000))
def test_the_limits_of_the_median_are_among_what_is_handed_over(n):
    rank = median_rank(n)
    assert rank is not None
    assert 0 <= rank - first_rank(n) < min(WIDTH, n)
