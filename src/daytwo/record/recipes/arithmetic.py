"""Arithmetic on values with dimensions: what the nodes of an expression compute.

Values are held in base units with the powers of their dimensions, so that products and quotients
of any units can be formed and are checked at the end. A value may be unknown: then only the
dimensions are computed, as is done before an approval.

References:
    IEEE 754-2008 decimal128 (34 digits); SI Brochure 2.3.3 (counted things are numbers).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import TYPE_CHECKING

from daytwo.kernel.quantity import Quantity, Rounding
from daytwo.kernel.units import unit_named
from daytwo.record.recipes.errors import ExpressionRefused

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_ADJUSTED = 60
"""Powers of ten, up or down, that an intermediate value may reach."""

CONTEXT = Context(
    prec=34, rounding=ROUND_HALF_EVEN, traps=[DivisionByZero, InvalidOperation, Overflow]
)
_ROUND_CONTEXT = Context(prec=200, traps=[DivisionByZero, InvalidOperation, Overflow])
_MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN}
_NUMBERS = frozenset(unit_named(code).dimension for code in ("1", "%", "tab"))

Dimension = tuple[tuple[str, int], ...]
"""Powers by dimension, sorted, without zeros: mass over time is (("mass", 1), ("time", -1))."""


@dataclass(frozen=True, slots=True)
class Term:
    """A value in base units with its dimension; the value is None when only units are checked."""

    value: Decimal | None
    dimension: Dimension


def term_of(quantity: Quantity) -> Term:
    """Return a quantity in base units."""
    return Term(
        apply(CONTEXT.multiply, quantity.value, unit_named(quantity.unit).factor),
        dimension_of(quantity.unit),
    )


def dimension_of(code: str) -> Dimension:
    """Return the dimension of a unit; that of a number is empty.

    Raises:
        ExpressionRefused: The unit is a scale whose zero is a convention, such as Celsius.
    """
    unit = unit_named(code)
    if unit.is_scale:
        raise ExpressionRefused(
            "unit", f"{code} is a scale with a chosen zero; formulas cannot use it.", unit=code
        )
    return () if unit.dimension in _NUMBERS else ((unit.dimension, 1),)


def require_unit(result: Term, unit: str) -> None:
    """Refuse a result of another dimension than the declared unit."""
    wanted = dimension_of(unit)
    if result.dimension != wanted:
        raise ExpressionRefused(
            "unit",
            f"The expression gives {words(result.dimension)}, but the result is to be in {unit}.",
            unit=unit,
        )


def combined(left: Dimension, right: Dimension, sign: int) -> Dimension:
    """Return the dimension of a product (sign 1) or a quotient (sign -1)."""
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def words(dimension: Dimension) -> str:
    """Say a dimension to a person."""
    return (
        " × ".join(name if power == 1 else f"{name}^{power}" for name, power in dimension)
        or "a number"
    )


def both(
    operation: Callable[[Decimal, Decimal], Decimal], left: Term, right: Term
) -> Decimal | None:
    """Return what an operation makes of two values; None when one is unknown."""
    if left.value is None or right.value is None:
        return None
    return apply(operation, left.value, right.value)


def negative(value: Decimal | None) -> Decimal | None:
    """Return the value with the other sign."""
    # The context's own minus: the operator would round to the thread's precision.
    return None if value is None else CONTEXT.minus(value)


def apply(
    operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal
) -> Decimal:
    """Return what an operation makes of two numbers, within bounds.

    Raises:
        ExpressionRefused: A division by zero, or a value beyond the bounds.
    """
    try:
        result = operation(left, right)
    except DecimalException as cause:
        raise ExpressionRefused(
            "arithmetic", "The expression cannot be computed: a division by zero or an overflow."
        ) from cause
    if result and abs(result.adjusted()) > MAX_ADJUSTED:
        raise ExpressionRefused(
            "limit", "A value of the expression is too large or too close to zero."
        )
    return result


def rounded(value: Decimal, places: int, rounding: Rounding) -> Decimal:
    """Return the value with exactly so many decimals."""
    return value.quantize(
        Decimal(1).scaleb(-places, _ROUND_CONTEXT), _MODES[rounding], _ROUND_CONTEXT
    )
