"""Figures as columns: the same as the trend's, a row a span and group where something ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.insight.facts.engine.duck import over_rows
from daytwo.insight.facts.happening import micros
from daytwo.insight.kpis.calendar import SPANS, at, next_first_day, start_of
from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.columns import columns, schema
from daytwo.insight.kpis.definition import Definition, all_definitions, definition
from daytwo.insight.kpis.evaluate import trend
from daytwo.insight.kpis.subjects import Facts
from daytwo.kernel.errors import Fault, Refused
from tests.insight.facts.test_engine import kept, rows
from tests.insight.kpis.plant import day, facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.kpis.value import KpiValue

__all__ = ["kept", "rows"]
NOW = micros("2026-06-01")
K1, K7A, K9 = definition("K1"), definition("K7a"), definition("K9")


@pytest.fixture(scope="module")
def memory(request: pytest.FixtureRequest) -> Facts:
    return Facts(over_rows(request.getfixturevalue("rows")), NOW, "Europe/Zurich")


def near(number: float | None) -> Any:
    return None if number is None else pytest.approx(number, rel=1e-9, abs=1e-12)


def as_row(value: KpiValue, by: tuple[str, ...], span: str, zone: str) -> dict[str, Any]:
    """Return a trend's figure as its row should be."""
    low, high = value.interval or (None, None)
    start = value.period.since_us
    assert start is not None
    day = at(start, zone).date()
    return {
        "kpi": value.definition.id,
        "version": value.definition.version,
        "span": value.group["span"],
        "since_us": start,
        "until_us": start_of(next_first_day(day, value.definition.span(span)), zone),
        **{name: value.group[name] for name in by},
        "value": near(value.value),
        "unit": value.definition.unit,
        "n": value.n,
        "coverage": near(value.coverage),
        "low": near(low),
        "high": near(high),
        "p90": near(value.p90),
        "counted": value.counted,
        "excluded": sum(n for _, n in value.excluded),
        "withheld": bool(value.withheld),
    }


def key(row: dict[str, Any], by: tuple[str, ...]) -> list[Any]:
    return [(row[name] is None, row[name]) for name in (*by, "since_us")]


def compare(some: Sequence[Definition], given: Facts, question: Question, span: str) -> int:
    """Compare the columns of definitions with their trends; return how many have a row."""
    by, said = question.by, 0
    named = {of.id: of for of in some}
    for found in columns(some, given, question, span):
        assert found.schema == schema(by)
        there = sorted(found.to_pylist(), key=lambda row: key(row, by))
        if not there:
            continue
        told_all = trend(named.pop(there[0]["kpi"]), given, question, span)
        told = [as_row(v, by, span, given.zone) for v in told_all]
        told = [row for row in told if row["counted"] + row["excluded"]]
        assert there == sorted(told, key=lambda row: key(row, by))
        said += 1
    for of in named.values():
        assert not any(v.subjects for v in trend(of, given, question, span)), of.id
    return said


def test_columns_are_the_trend_of_every_kpi(memory: Facts) -> None:
    """All at once, so that they share passes as far as they can."""
    compare(all_definitions(), memory, Question(EVER), "month")


def test_columns_are_the_trend_of_every_kpi_of_a_product(memory: Facts) -> None:
    split = [of for of in all_definitions() if {"site", "product_code"} <= set(of.dimensions)]
    said = compare(split, memory, Question(EVER, by=("site", "product_code")), "quarter")
    assert said > len(split) / 2


@pytest.mark.parametrize("span", SPANS)
def test_columns_are_the_trend_of_a_period_and_of_a_filter(span: str, memory: Facts) -> None:
    some = [definition(kpi) for kpi in ("K1", "K7a", "K8", "K9", "K16fda2015", "K22touch")]
    later = Question(Period(micros("2026-01-20"), micros("2026-03-10")), {"site": "main"})
    compare([*some, definition("K25")], memory, later, span)
    one = Question(Period(None, micros("2026-02-10")), {"product_code": "P1"}, ("site", "line"))
    compare(some, memory, one, span)


def test_each_alone_says_what_it_says_among_all(memory: Facts) -> None:
    question = Question(EVER, by=("site",))
    among = {
        str(t["kpi"][0]): t for t in columns(all_definitions(), memory, question, "month") if t
    }
    for of in (definition(kpi) for kpi in ("K1", "K8", "K9", "K16fda2015", "K23", "K25", "K29")):
        (alone,) = columns([of], memory, question, "month")
        assert sorted(map(repr, alone.to_pylist())) == sorted(map(repr, among[of.id].to_pylist()))


def test_a_dimension_that_subjects_do_not_have_is_refused(memory: Facts) -> None:
    with pytest.raises(Refused, match="K34 cannot be split by line"):
        next(columns([definition("K34")], memory, Question(by=("line",)), "week"))


@pytest.mark.parametrize("n", [1, 2, 5, 6, 7, 20, 63, 300, 1500])
def test_median_and_its_limits_of_any_size(n: int) -> None:
    made = [
        {
            "batch_id": f"B{i}",
            "ended_us": day(0),
            "decided_us": day(1 + (i * 7919 % n) / n),
            "decision": "released",
            "line": "L" if i % 3 else None,
        }
        for i in range(n)
    ]
    assert compare([K1], facts(batch=made), Question(EVER, by=("line",)), "month") == 1


def test_a_subject_that_counts_without_a_number_is_caught() -> None:
    def nothing(given: Facts) -> Any:
        return K1.subjects(given).mutate(value=K1.subjects(given).numerator)

    row = {"batch_id": "B1", "ended_us": day(0), "decided_us": day(3), "decision": "released"}
    with pytest.raises(Fault, match="without a number"):
        list(columns([replace(K1, subjects=nothing)], facts(batch=[row]), Question(), "month"))


def test_team_of_few_is_withheld() -> None:
    def with_persons(given: Facts) -> Any:
        made = K7A.subjects(given)
        return made.mutate(person=made.subject)

    made = [
        {"batch_id": f"B{i}", "ended_us": day(0), "decided_us": day(3), "steps": 1}
        | {"reviewed_us": day(2), "decision": "released"}
        for i in range(3)
    ]
    few = replace(K7A, subjects=with_persons, minimum_persons=4)
    (row,) = rows_of(few, facts(batch=made))
    assert (row["value"], row["low"], row["n"], row["withheld"]) == (None, None, 3, True)
    enough = replace(few, minimum_persons=3)
    (row,) = rows_of(enough, facts(batch=made))
    assert (row["value"], row["withheld"]) == (100, False)


def rows_of(of: Definition, given: Facts) -> list[dict[str, Any]]:
    (found,) = columns([of], given, Question(), "month")
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def test_nothing_ended_is_no_row() -> None:
    (found,) = columns([K9], facts(), Question(by=("site",)), "week")
    assert (found.num_rows, found.schema) == (0, schema(("site",)))
