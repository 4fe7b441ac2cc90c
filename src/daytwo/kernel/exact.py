"""Decimal arithmetic that is exact or refused, whatever the thread's decimal context says.

References:
    IEEE 754-2008, decimal128 (34 digits of a quotient); USP General Notices 7.20 (half up).
"""

from __future__ import annotations

from decimal import (
    ROUND_05UP,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)
from enum import StrEnum

from daytwo.kernel.errors import Refused

MAX_PLACES = 60
"""No digit of a value stands further than this from the decimal point, on either side."""

QUOTIENT_DIGITS = 34
"""Significant digits of a quotient that does not come out even."""

_TRAPS = [DivisionByZero, InvalidOperation, Overflow]
# Two values in range, their product or their sum fill at most 242 digits.
_WIDE = 300
_EXACT = Context(prec=_WIDE, rounding=ROUND_HALF_EVEN, traps=[*_TRAPS, Inexact])
_QUOTIENT = Context(prec=QUOTIENT_DIGITS, rounding=ROUND_HALF_EVEN, traps=_TRAPS)
# Round for reround: its result can be rounded again without the error of rounding twice.
_CARRY = Context(prec=_WIDE, rounding=ROUND_05UP, traps=_TRAPS)


class Rounding(StrEnum):
    """What becomes of a five with nothing behind it; there is no default, a rounding is declared.

    `half_up` goes away from zero (2.5 to 3, -2.5 to -3), as the pharmacopoeia does; `half_even`
    goes to the even neighbour (2.5 to 2, 3.5 to 4), so that long sums do not drift.
    """

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


_MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN}


def plain(value: object) -> Decimal:
    """Return the value written without exponent and without a sign on zero.

    Raises:
        Refused: `quantity.value` for anything but a finite Decimal; `quantity.range` when a digit
            stands more than `MAX_PLACES` from the point.
    """
    if not isinstance(value, Decimal) or not value.is_finite():
        raise _no_amount(value)
    exponent = int(value.as_tuple().exponent)
    if value.adjusted() > MAX_PLACES or exponent < -MAX_PLACES:
        raise _out_of_range(value)
    if exponent > 0:
        value = value.quantize(Decimal(1), context=_EXACT)
    return value or value.copy_abs()


def add(left: Decimal, right: Decimal) -> Decimal:
    """Return the exact sum.

    Raises:
        Refused: `quantity.range` for operands beyond what a quantity holds.
    """
    try:
        return _EXACT.add(left, right)
    except DecimalException as error:
        raise _out_of_range(left, right) from error


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """Return the exact product.

    Raises:
        Refused: `quantity.range` for operands beyond what a quantity holds.
    """
    try:
        return _EXACT.multiply(left, right)
    except DecimalException as error:
        raise _out_of_range(left, right) from error


def divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return the exact quotient of a division that comes out even.

    Args:
        dividend: Any value in range.
        divisor: Not zero.

    Raises:
        Refused: `quantity.inexact` when the digits do not end.
    """
    try:
        return _EXACT.divide(dividend, divisor)
    except Inexact as error:
        raise Refused(
            "quantity.inexact",
            f"{_short(dividend)} / {_short(divisor)} has no exact decimal form. Nothing was "
            "rounded; declare decimal places and a rounding mode.",
            {"dividend": _short(dividend), "divisor": _short(divisor)},
        ) from error


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return the quotient in plain notation.

    Returns:
        Exact where it comes out even; otherwise rounded half even, once, to `QUOTIENT_DIGITS`
        significant digits and at most `MAX_PLACES` decimal places.

    Raises:
        Refused: `quantity.zero_division`; `quantity.range`; `quantity.value` for an operand that
            is no number.
    """
    for operand in (dividend, divisor):
        if not operand.is_finite():
            raise _no_amount(operand)
    if not divisor:
        raise Refused(
            "quantity.zero_division",
            f"{_short(dividend)} cannot be divided by zero. Nothing was calculated.",
        )
    try:
        carried = _CARRY.divide(dividend, divisor)
        made = _QUOTIENT.plus(carried)
        if int(made.as_tuple().exponent) < -MAX_PLACES:
            made = rounded(carried, MAX_PLACES, Rounding.HALF_EVEN)
    except DecimalException as error:
        raise _out_of_range(dividend, divisor) from error
    return plain(made)


def rounded_quotient(
    dividend: Decimal, divisor: Decimal, places: int, mode: Rounding | str
) -> Decimal:
    """Return the quotient rounded once, as declared.

    Args:
        dividend: Any value in range.
        divisor: Not zero.
        places: Decimal places, -`MAX_PLACES` to `MAX_PLACES`.
        mode: How to round.

    Raises:
        Refused: `quantity.rounding`.
    """
    return rounded(_CARRY.divide(dividend, divisor), places, mode)


def rounded(value: Decimal, places: int, mode: Rounding | str) -> Decimal:
    """Return the value with this many decimal places; negative places round tens, hundreds.

    Raises:
        Refused: `quantity.rounding` for a mode other than `Rounding`, or places out of range.
    """
    if abs(places) > MAX_PLACES or mode not in _MODES:
        raise Refused(
            "quantity.rounding",
            f"Cannot round to {places!r} places by {mode!r}. Nothing was rounded; declare whole "
            f"places up to {MAX_PLACES} and one of: {', '.join(Rounding)}.",
            {"places": places, "mode": mode, "modes": list(Rounding)},
        )
    return value.quantize(Decimal(1).scaleb(-places), _MODES[Rounding(mode)], _CARRY)


def _no_amount(value: object) -> Refused:
    shown = f"{value!r:.40}"
    return Refused(
        "quantity.value",
        f"{shown} is not an exact amount. Nothing was kept; give the digits as text or as a "
        "finite Decimal, never as a float.",
        {"value": shown},
    )


def _out_of_range(*values: Decimal) -> Refused:
    shown = [_short(value) for value in values]
    return Refused(
        "quantity.range",
        f"{' and '.join(shown)}: a quantity keeps at most {MAX_PLACES} digits before and after "
        "the point. Nothing was kept.",
        {"values": shown},
    )


def _short(value: Decimal) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}..."  # noqa: PLR2004 - fits a sentence
