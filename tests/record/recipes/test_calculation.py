"""Percentages of theoretical yield."""

from __future__ import annotations

import pytest

from daytwo.kernel.quantity import Quantity
from daytwo.record.recipes.calculation import known_values, percent_of_theoretical, unit_of
from daytwo.record.recipes.document import EnterNumber, Weigh, Yield
from daytwo.record.recipes.errors import ExpressionRefused
from tests.record.recipes.example import EXAMPLE

STEPS = {placed.step.id: placed.step for placed in EXAMPLE.steps()}


def yield_step(identity: str) -> Yield:
    step = STEPS[identity]
    assert isinstance(step, Yield)
    return step


@pytest.mark.requirement("R12")
@pytest.mark.parametrize(
    ("step", "actual", "expected"),
    [
        ("CMP-100", "48.000 kg", "100.0 %"),
        ("CMP-100", "47.280 kg", "98.5 %"),
        ("CMP-100", "47280 g", "98.5 %"),
        ("CMP-100", "47.256 kg", "98.5 %"),  # 98.45: half up
        ("CMP-100", "49.000 kg", "102.1 %"),
        ("COT-090", "0.000 kg", "0.0 %"),
    ],
)
def test_yield_is_percent_of_theoretical(step: str, actual: str, expected: str) -> None:
    got = percent_of_theoretical(yield_step(step), Quantity.parse(actual), {})
    assert str(got) == expected


def test_yield_uses_constants_and_earlier_values() -> None:
    values = {**known_values(EXAMPLE), "granule_lod": Quantity.parse("2.1 %")}
    got = percent_of_theoretical(yield_step("GRN-100"), Quantity.parse("36.100 kg"), values)
    # 36.100 x 0.979 / (36.480 x 0.985) = 35.3419 / 35.9328 = 0.983555
    assert str(got) == "98.4 %"


def test_yield_without_an_earlier_value_is_refused() -> None:
    with pytest.raises(ExpressionRefused):
        percent_of_theoretical(
            yield_step("GRN-100"), Quantity.parse("36.100 kg"), known_values(EXAMPLE)
        )


def test_known_values_are_parameters_and_batch_size() -> None:
    assert {name: str(value) for name, value in known_values(EXAMPLE).items()} == {
        "powder_moisture": "1.5 %",
        "batch_size": "240000 tab",
    }


def test_unit_of_a_value_is_that_of_its_step() -> None:
    number, weigh = STEPS["CMP-060"], STEPS["DSP-030"]
    assert isinstance(number, EnterNumber)
    assert isinstance(weigh, Weigh)
    assert [unit_of(step) for step in (number, weigh, yield_step("CMP-100"))] == ["mg", "kg", "%"]
