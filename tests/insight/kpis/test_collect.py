"""Adding up in the engine: states, sums and ranks."""

from __future__ import annotations

import math

import pytest

from daytwo.insight.kpis import collect
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.statistics import RANK_REACH, median_rank, median_rank_about
from daytwo.kernel.errors import Fault
from tests.insight.kpis.plant import day, facts

K1, K8 = definition("K1"), definition("K8")


def test_parts_are_counts_and_sums_of_each_group():
    rows = [
        {"batch_id": f"B{i}", "ended_us": day(1), "entries": 10 * i, "late_entries": i, "line": "L"}
        for i in range(3)
    ]
    made = facts(batch=rows)
    found = collect.parts(made.engine, K8.subjects(made), ("line",))[("L",)]
    assert (found.counted, found.missing, found.excluded) == (2, 1, {"no entry on record": 1})
    assert (found.y, found.x, found.yy, found.xx, found.xy) == (3, 30, 5, 500, 50)


def test_no_group_is_there_even_when_it_is_empty():
    made = facts()
    assert collect.parts(made.engine, K8.subjects(made), ())[()].counted == 0
    assert collect.parts(made.engine, K8.subjects(made), ("line",)) == {}


def test_state_that_is_none_is_a_fault():
    made = facts(batch=[{"batch_id": "B1"}])
    table = K8.subjects(made).mutate(state=K8.subjects(made).subject)
    with pytest.raises(Fault, match="state"):
        collect.parts(made.engine, table, ())


def test_every_rank_that_an_interval_can_need_is_handed_over():
    for n in (6, 7, 20, 99, 500, 2000, 10**6):
        rank = median_rank(n)
        assert rank is not None
        assert abs(rank - median_rank_about(n)) <= RANK_REACH
        assert math.isclose(median_rank_about(n), (n + 1) / 2 - 0.98 * math.sqrt(n))


def survival(rows, at, **changed):
    made = facts(batch=rows)
    table = K1.subjects(made).mutate(**changed)
    parts = collect.parts(made.engine, table, ())
    return collect.measures(made.engine, K1.statistic, table, (), parts, at)[()]


DECIDED = {"batch_id": "B1", "ended_us": day(0), "decided_us": day(2), "decision": "released"}


def test_open_ones_lengthen_the_survival_not_the_median():
    waiting = [{"batch_id": f"B{i}", "ended_us": day(since)} for i, since in enumerate((3.5, 5, 8))]
    found = survival([DECIDED, DECIDED | {"batch_id": "B9"}, *waiting], day(6))
    assert (found.value, found.n) == (2, 2)
    # After two days two of three were decided: of the others one is younger, one not yet begun.
    assert found.survival.times == (2,)
    assert found.survival.share == pytest.approx((1 / 3,))


def test_open_one_of_which_nobody_knows_since_when_is_not_in_the_survival():
    waiting = {"batch_id": "B2", "ended_us": day(3)}
    unknown = K1.subjects(facts()).start_us.nullif(day(3))
    found = survival([DECIDED, waiting], day(6), start_us=unknown)
    assert (found.survival.times, found.survival.share) == ((2,), (0,))
