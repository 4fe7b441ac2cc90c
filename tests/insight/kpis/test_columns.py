"""Figures as columns: the same as the trend's, a row a span and group where something ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from daytwo.insight.facts.engine.duck import over_rows
from daytwo.insight.facts.happening import micros
from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.columns import columns, schema
from daytwo.insight.kpis.definition import Definition, all_definitions, definition
from daytwo.insight.kpis.evaluate import trend
from daytwo.insight.kpis.subjects import Facts
from daytwo.kernel.errors import Fault
from tests.insight.facts.test_engine import kept, rows
from tests.insight.kpis.plant import day, facts

if TYPE_CHECKING:
    from daytwo.insight.kpis.value import KpiValue

__all__ = ["kept", "rows"]
NOW = micros("2026-06-01")
K1, K7A, K9 = definition("K1"), definition("K7a"), definition("K9")


@pytest.fixture(scope="module")
def memory(request: pytest.FixtureRequest) -> Facts:
    return Facts(over_rows(request.getfixturevalue("rows")), NOW, "Europe/Zurich")


def near(number: float | None) -> Any:
    return None if number is None else pytest.approx(number, rel=1e-9, abs=1e-12)


def as_row(value: KpiValue, by: tuple[str, ...]) -> dict[str, Any]:
    """Return a trend's figure as its row should be."""
    low, high = value.interval or (None, None)
    return {
        "kpi": value.definition.id,
        "version": value.definition.version,
        "span": value.group["span"],
        "since_us": value.period.since_us,
        "until_us": value.period.until_us,
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


def compare(of: Definition, given: Facts, question: Question, span: str) -> int:
    told = [as_row(v, question.by) for v in trend(of, given, question, span)]
    told = [row for row in told if row["counted"] + row["excluded"]]
    found = columns(of, given, question, span)
    assert found.schema == schema(question.by)
    there = sorted(found.to_pylist(), key=lambda row: key(row, question.by))
    assert there == sorted(told, key=lambda row: key(row, question.by))
    return len(told)


@pytest.mark.parametrize("of", all_definitions(), ids=lambda d: d.id)
def test_columns_are_the_trend_of_every_kpi(of: Definition, memory: Facts) -> None:
    by = tuple(name for name in ("site", "product_code") if name in of.dimensions)
    compare(of, memory, Question(EVER, by=by), "week")
    compare(of, memory, Question(EVER), "year")
    later = Question(Period(micros("2026-01-20"), micros("2026-03-10")), {"site": "main"})
    compare(of, memory, later, "month")


def test_most_kpis_have_something_to_say_here(memory: Facts) -> None:
    said = [of.id for of in all_definitions() if columns(of, memory, Question(), "year").num_rows]
    assert len(said) > len(all_definitions()) / 2


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
    assert compare(K1, facts(batch=made), Question(EVER, by=("line",)), "month") in {1, 2}


def test_a_subject_that_counts_without_a_number_is_caught() -> None:
    def nothing(given: Facts) -> Any:
        return K1.subjects(given).mutate(value=K1.subjects(given).numerator)

    row = {"batch_id": "B1", "ended_us": day(0), "decided_us": day(3), "decision": "released"}
    with pytest.raises(Fault, match="without a number"):
        columns(replace(K1, subjects=nothing), facts(batch=[row]), Question(), "month")


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
    (row,) = columns(few, facts(batch=made), Question(), "month").to_pylist()
    assert (row["value"], row["low"], row["n"], row["withheld"]) == (None, None, 3, True)
    enough = replace(few, minimum_persons=3)
    (row,) = columns(enough, facts(batch=made), Question(), "month").to_pylist()
    assert (row["value"], row["withheld"]) == (100, False)


def test_nothing_ended_is_no_row() -> None:
    found = columns(K9, facts(), Question(by=("site",)), "week")
    assert isinstance(found, pa.Table)
    assert (found.num_rows, found.schema) == (0, schema(("site",)))
