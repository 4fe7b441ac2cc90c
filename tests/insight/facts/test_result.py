"""The result fact: numbers as numbers, texts kept, nothing invented."""

from __future__ import annotations

from typing import Any

import pytest

from daytwo.insight.facts.result import ResultFact, fold
from tests.insight.facts.test_batch import recorded


def folded(type_: str, **payload: Any) -> list[ResultFact]:
    rows: dict[int, ResultFact] = {}
    fold(rows, recorded(1, type_, **payload))
    return list(rows.values())


def result(value: str, kind: str = "batch") -> list[ResultFact]:
    return folded(
        "laboratory.result.final",
        subject_kind=kind,
        subject_id="B",
        test_code="dissolution_av",
        value=value,
        unit="%",
    )


@pytest.mark.parametrize(
    ("reported", "value"), [("93.83", 93.83), ("< 0.05", None), ("complies", None), ("NaN", None)]
)
def test_reported_text_is_kept_and_read_where_it_is_a_number(
    reported: str, value: float | None
) -> None:
    (row,) = result(reported)
    assert (row.reported, row.value, row.unit) == (reported, value, "%")


def test_result_of_a_lot_is_no_batch_result() -> None:
    assert result("1.5", kind="lot") == []


def test_yield_in_percent_and_parameter_are_rows() -> None:
    (share,) = folded("batch.yield.recorded", name="batch_yield", percent="97.3", actual=None)
    (speed,) = folded("batch.parameter.recorded", name="speed", value="99.8", unit="1000/h")
    assert (share.kind, share.value, share.unit) == ("yield", 97.3, "%")
    assert (speed.kind, speed.value, speed.unit) == ("parameter", 99.8, "1000/h")


def test_yield_without_percentage_is_not_made_up() -> None:
    amount = {"value": "5", "unit": "kg"}
    assert folded("batch.yield.recorded", name="y", percent=None, actual=amount) == []
