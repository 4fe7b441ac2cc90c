"""Arithmetic on values with dimensions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from daytwo.kernel.quantity import Quantity, Rounding
from daytwo.record.recipes.arithmetic import (
    CONTEXT,
    MAX_ADJUSTED,
    apply,
    both,
    combined,
    dimension_of,
    negative,
    require_unit,
    rounded,
    term_of,
    words,
)
from daytwo.record.recipes.errors import ExpressionRefused

KG = Quantity.parse("2.50 kg")


def test_ratios_and_counts_are_numbers() -> None:
    assert [dimension_of(code) for code in ("1", "%", "tab")] == [(), (), ()]
    assert term_of(Quantity.parse("98.5 %")).value == Decimal("0.985")


def test_powers_of_dimensions_add_and_cancel() -> None:
    mass, time = dimension_of("kg"), dimension_of("min")
    rate = combined(mass, time, -1)
    assert rate == (("mass", 1), ("time", -1))
    assert combined(rate, time, 1) == mass
    assert combined(mass, mass, -1) == ()
    assert combined(mass, mass, 1) == (("mass", 2),)


def test_dimension_is_said_in_words() -> None:
    assert words(()) == "a number"
    assert words((("mass", 1), ("time", -1))) == "mass × time^-1"


def test_scale_with_chosen_zero_is_refused() -> None:
    with pytest.raises(ExpressionRefused):
        dimension_of("Cel")
    assert dimension_of("K") == (("temperature", 1),)


def test_result_must_have_the_declared_dimension() -> None:
    require_unit(term_of(KG), "mg")
    with pytest.raises(ExpressionRefused):
        require_unit(term_of(KG), "L")


def test_unknown_value_keeps_its_dimension_and_gives_no_value() -> None:
    known = term_of(KG)
    unknown = type(known)(None, known.dimension)
    assert both(CONTEXT.add, known, unknown) is None
    assert negative(None) is None
    assert negative(Decimal("1.50")) == Decimal("-1.50")


def test_values_stay_within_bounds() -> None:
    edge = Decimal(f"1E{MAX_ADJUSTED}")
    assert apply(CONTEXT.multiply, edge, Decimal(1)) == edge
    for left, right in ((edge, Decimal(10)), (Decimal(f"1E-{MAX_ADJUSTED}"), Decimal("0.1"))):
        with pytest.raises(ExpressionRefused):
            apply(CONTEXT.multiply, left, right)
    assert apply(CONTEXT.multiply, edge, Decimal(0)) == 0


def test_rounding_keeps_the_places() -> None:
    assert str(rounded(Decimal(2), 3, Rounding.HALF_UP)) == "2.000"
