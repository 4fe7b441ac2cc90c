"""The evaluator: nothing is dropped in silence, periods, groups and trends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import ibis.expr.operations as ops
import numpy as np
import pytest

from daytwo.insight.kpis import collect
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.definition import all_definitions, definition
from daytwo.insight.kpis.evaluate import evaluate, groups, held, subject_table, trend
from daytwo.insight.kpis.statistics import median_interval
from daytwo.kernel.errors import Fault, Refused
from tests.insight.kpis.motley import motley
from tests.insight.kpis.plant import day, facts

K1, K7A = definition("K1"), definition("K7a")


def batch(name, ended, decided, **more):
    return {
        "batch_id": name,
        "ended_us": day(ended),
        "decided_us": None if decided is None else day(decided),
        "decision": None if decided is None else "released",
    } | more


def test_a_definition_that_drops_a_subject_is_caught():
    forgetful = replace(K1, subjects=lambda given: K1.subjects(given).limit(1))
    with pytest.raises(Fault, match="add up"):
        evaluate(forgetful, facts(batch=[batch("B1", 0, 3), batch("B2", 0, 4)]))


def test_a_definition_that_tells_a_subject_twice_is_caught():
    chatty = replace(K1, subjects=lambda given: K1.subjects(given).union(K1.subjects(given)))
    with pytest.raises(Fault, match="add up"):
        evaluate(chatty, facts(batch=[batch("B1", 0, 3)]))


def test_a_subject_that_counts_without_a_number_is_caught():
    empty = replace(
        K1,
        subjects=lambda given: K1.subjects(given).mutate(value=K1.subjects(given).value.nullif(3)),
    )
    with pytest.raises(Fault, match="without a number"):
        evaluate(empty, facts(batch=[batch("B1", 0, 3)]))


def test_a_subject_left_out_without_a_reason_is_caught():
    silent = replace(
        K1,
        subjects=lambda given: K1.subjects(given).mutate(state=K1.subjects(given).why.concat("x")),
    )
    with pytest.raises(Fault, match="state"):
        evaluate(silent, facts(batch=[batch("B1", 0, 3)]))


@pytest.mark.parametrize("n", [1, 2, 5, 6, 7, 50, 333, 1200])
def test_order_statistics_of_the_engine_are_those_of_numpy(n):
    days = np.random.default_rng(n).exponential(9, n).round(3)
    rows = [batch(f"B{i}", 0, float(d)) for i, d in enumerate(days)]
    found = evaluate(K1, facts(batch=rows))
    exact = [(r["decided_us"] - r["ended_us"]) / 86_400_000_000 for r in rows]
    assert found.value == pytest.approx(float(np.median(exact)))
    assert found.p90 == pytest.approx(float(np.quantile(exact, 0.9, method="inverted_cdf")))
    expected = median_interval(exact) if n >= K1.minimum_n else None
    assert found.interval == (None if expected is None else pytest.approx(expected))


def test_interval_of_a_median_is_given_from_the_minimum_n_on():
    rows = [batch(f"B{i}", 0, 3 + i) for i in range(6)]
    assert evaluate(K1, facts(batch=rows[:5])).interval is None
    assert evaluate(K1, facts(batch=rows)).interval == (3, 8)
    assert evaluate(replace(K1, minimum_n=7), facts(batch=rows)).interval is None


def test_groups_add_up_to_the_whole_and_put_the_unknown_last():
    lines = ["L1", None, "L2", "L1", None, "L2", "L2"]
    rows = [batch(f"B{i}", 0, 3 + i, line=line) for i, line in enumerate(lines)]
    found = facts(batch=[*rows, batch("B9", 0, None, line="L1")])
    made = groups(K1, found, Question(by=("line",)))
    assert [v.group["line"] for v in made] == ["L1", "L2", None]
    assert sum(v.subjects for v in made) == evaluate(K1, found).subjects == 8
    assert [v.open for v in made] == [1, 0, 0]


def test_filter_takes_only_what_has_the_value():
    rows = [batch("B1", 0, 3, product_code="P"), batch("B2", 0, 5, product_code="Q")]
    found = evaluate(K1, facts(batch=rows), Question(where={"product_code": "Q"}))
    assert (found.value, found.subjects) == (5, 1)


def test_dimension_that_the_subjects_do_not_have_is_refused():
    with pytest.raises(Refused, match="severity"):
        groups(K1, facts(), Question(by=("severity",)))


def test_trend_shows_a_month_without_anything_as_unknown():
    rows = [batch("B1", 0, 3), batch("B2", 0, 5), batch("B3", 0, 64)]
    found = facts(batch=rows, now=datetime(2026, 3, 20, tzinfo=UTC))
    made = trend(K1, found, Question(), "month")
    assert [(v.group["span"], v.value, v.n) for v in made] == [
        ("2026-01", 4, 2),
        ("2026-02", None, 0),
        ("2026-03", 64, 1),
    ]
    assert made[0].open is None


def test_trend_goes_by_no_less_than_the_shortest_span_of_its_definition():
    found = facts(batch=[batch("B1", 0, 3)], now=datetime(2026, 1, 20, tzinfo=UTC))
    monthly = replace(K1, shortest_span="month")
    for asked, given in (("week", "2026-01"), ("month", "2026-01"), ("year", "2026")):
        assert trend(monthly, found, Question(), asked)[0].group["span"] == given
    assert trend(K1, found, Question(), "day")[0].group["span"] == "2026-01-04"
    assert definition("K26").span("week") == "month"


def test_trend_counts_by_the_days_of_the_site():
    """Half past eleven in the evening of 31 January, UTC, is February in Zurich."""
    rows = [batch("B1", 0, 30 + 23.5 / 24)]
    for zone, month in (("UTC", "2026-01"), ("Europe/Zurich", "2026-02")):
        found = facts(batch=rows, zone=zone, now=datetime(2026, 2, 2, tzinfo=UTC))
        assert trend(K1, found, Question(), "month")[0].group["span"] == month


def test_trend_of_groups_fills_each_of_them():
    rows = [batch("B1", 0, 3, line="L1"), batch("B2", 0, 35, line="L2")]
    found = facts(batch=rows, now=datetime(2026, 2, 20, tzinfo=UTC))
    made = trend(K1, found, Question(by=("line",)), "month")
    assert [(*v.group.values(), v.value) for v in made] == [
        ("L1", "2026-01", 3),
        ("L1", "2026-02", None),
        ("L2", "2026-01", None),
        ("L2", "2026-02", 35),
    ]


def test_what_has_no_time_at_all_belongs_to_no_period_and_is_told():
    rows = [batch("B1", 0, 3), {"batch_id": "B2", "origin": "import"}]
    found = evaluate(K1, facts(batch=rows), Question(Period(day(0), day(9))))
    assert (found.subjects, found.undated, found.coverage) == (1, 1, 1)
    assert evaluate(K1, facts(batch=rows)).coverage == 0.5


def test_what_is_decided_after_the_period_was_open_in_it():
    rows = [batch("B1", 0, 3, decision="rejected"), batch("B2", 1, 30, decision="rejected")]
    found = evaluate(K1, facts(batch=rows), Question(Period(day(0), day(10))))
    assert (found.open, found.excluded) == (1, (("rejected, shown apart", 1),))
    assert found.survival is not None
    assert found.survival.times == ()


def test_team_of_few_is_withheld():
    rows = [batch(f"B{i}", 0, 3, steps=1, reviewed_us=day(2)) for i in range(3)]

    def with_persons(given):
        made = K7A.subjects(given)
        return made.mutate(person=made.subject)

    few = replace(K7A, subjects=with_persons, minimum_persons=4)
    found = evaluate(few, facts(batch=rows))
    assert (found.value, found.numerator, found.withheld) == (None, None, "fewer than 4 persons")
    assert evaluate(replace(few, minimum_persons=3), facts(batch=rows)).value == 100


def test_answer_is_a_contract():
    found = evaluate(K1, facts(batch=[batch("B1", 0, 3), batch("B2", 0, None)])).as_json()
    assert found["excluded"] == []
    first = ("id", "version", "name", "value", "unit", "n", "coverage", "interval")
    assert tuple(found)[:8] == first
    assert found["censored"]["median"] == 3


def test_engine_hands_over_no_subject(monkeypatch):
    """Whatever the number of batches, a dozen rows leave the engine."""
    rows = [batch(f"B{i}", 0, 3 + i / 7) for i in range(2000)]
    made = facts(batch=rows)
    taken = []
    run = made.engine.rows
    monkeypatch.setattr(
        made.engine, "rows", lambda expression: taken.append(found := run(expression)) or found
    )
    collect.measures(
        made.engine,
        K1.statistic,
        K1.subjects(made),
        (),
        collect.parts(made.engine, K1.subjects(made), ()),
        0,
    )
    assert sum(map(len, taken)) < 20


HALF_YEAR = Question(Period(day(20), day(60)))
BEFORE = Question(Period(day(0), day(20)))


@pytest.mark.parametrize("of", all_definitions(), ids=lambda d: d.id)
def test_subjects_that_are_held_are_those_of_the_facts(of):
    given = motley()
    wide = Question(Period(day(-400), day(100)))
    narrow = Question(Period(day(-200), day(50)), {"site": "S1"})
    with held(of, given, wide) as known:
        for question in (wide, narrow):
            there = rows(known, subject_table(of, known, question))
            assert there == rows(given, subject_table(of, given, question))


def rows(given, table):
    return sorted(map(repr, given.engine.rows(table)))


def test_question_that_reaches_beyond_what_is_held_is_asked_of_the_facts():
    given = facts(
        batch=[
            batch("B1", 0, 10),
            batch("B2", 0, 30),
            batch("B3", 0, 40, site="S2"),
            batch("B4", 1, None),
        ]
    )
    at_one, before = (Question(q.period, {"site": "S1"}) for q in (HALF_YEAR, BEFORE))
    elsewhere = Question(where={"site": "S2"})
    with held(K1, given, at_one) as known:
        for question in (BEFORE, before, HALF_YEAR, at_one, Question(), elsewhere):
            assert evaluate(K1, known, question) == evaluate(K1, given, question)
        assert evaluate(K7A, known, HALF_YEAR) == evaluate(K7A, given, HALF_YEAR)
    assert evaluate(K1, given, BEFORE).n == 1


def test_what_stops_in_the_first_instant_of_what_is_held_is_in_it():
    given = facts(batch=[batch("B1", 0, 20), batch("B2", 0, 20.5), batch("B3", 0, 19.9)])
    with held(K1, given, HALF_YEAR) as known:
        assert evaluate(K1, known, HALF_YEAR).n == evaluate(K1, given, HALF_YEAR).n == 2


def test_what_is_held_is_asked_of_the_facts_once():
    asked = []

    def subjects(of):
        asked.append(of)
        return K1.subjects(of)

    given = facts(batch=[batch("B1", 0, 30)])
    rows, made = given.engine.rows, []
    given.engine.rows = lambda expression: made.append(expression) or rows(expression)
    with held(replace(K1, subjects=subjects), given, HALF_YEAR) as known:
        assert evaluate(K1, known, HALF_YEAR).n == 1
        assert trend(K1, known, HALF_YEAR, "week")
    names = {node.name for one in made for node in one.op().find(ops.UnboundTable)}
    assert names == {"held_K1_1"}
    assert len(asked) == 1
