"""Amounts with units, exact: what a scale showed, a person typed, or a formula gave.

Nothing here rounds in silence. A sum, difference, product, conversion or comparison is exact or
refused; a quotient is correctly rounded to 34 significant digits; `round_to`, and `to` with
`places`, round as told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import overload

from daytwo.kernel import exact
from daytwo.kernel.errors import Refused
from daytwo.kernel.exact import Rounding
from daytwo.kernel.units import (
    base_unit,
    check_dimension,
    in_base,
    scale_refused,
    steps,
    unit_named,
)

__all__ = ["Quantity", "Rounding"]

_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"
_VALUE = re.compile(_NUMBER)
_ENTRY = re.compile(rf"\s*({_NUMBER})(?![0-9.,])\s*(\S*)\s*")
_MEMBERS = {"value", "unit"}


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """An exact amount of a unit.

    Two are equal when they are the same amount (1 kg = 1000 g). Of different dimensions they are
    unequal; asking which is greater is refused. A sum starts from `Quantity(Decimal(0), unit)`.

    Attributes:
        value: Finite, with the trailing zeros it was entered with (2.50 stays 2.50).
        unit: Code of a unit in `daytwo.kernel.units.UNITS`.
    """

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        """Refuse what is not an amount.

        Raises:
            Refused: `quantity.value` not a finite Decimal; `quantity.range` too long;
                `quantity.unit` unknown.
        """
        unit_named(self.unit)
        object.__setattr__(self, "value", exact.plain(self.value))

    @classmethod
    def parse(cls, text: object) -> Quantity:
        """Read an entry such as `2.34 %`; `str` writes it back.

        Raises:
            Refused: `quantity.format` for anything but digits, at most one point, and a unit;
                `quantity.unit` for a missing or unknown one; `quantity.range`.
        """
        entry = _ENTRY.fullmatch(text) if isinstance(text, str) else None
        if entry is None:
            raise _format_refused(text)
        return cls(Decimal(entry[1]), entry[2])

    @classmethod
    def from_json(cls, data: object) -> Quantity:
        """Read back what `as_json` gives.

        Raises:
            Refused: `quantity.format` for other members, or for a value that is a JSON number,
                which may already have lost digits; otherwise as `parse`.
        """
        if not isinstance(data, dict) or data.keys() != _MEMBERS:
            raise _format_refused(data)
        value, unit = data["value"], data["unit"]
        if not isinstance(value, str) or not isinstance(unit, str) or not _VALUE.fullmatch(value):
            raise _format_refused(data)
        return cls(Decimal(value), unit)

    def as_json(self) -> dict[str, str]:
        """Return value and unit as text, digits as they stand: `{"value": "2.50", "unit": "%"}`."""
        return {"value": f"{self.value:f}", "unit": self.unit}

    def __str__(self) -> str:
        return f"{self.value:f} {self.unit}"

    @property
    def dimension(self) -> str:
        """What is measured (`mass`, `time`): units of one dimension convert into each other."""
        return unit_named(self.unit).dimension

    def to(
        self, unit: str, *, places: int | None = None, mode: Rounding | str | None = None
    ) -> Quantity:
        """Return the same amount in another unit of its dimension.

        Args:
            unit: Code of the wanted unit.
            places: Decimal places to round to: for display, or for an amount without an exact
                form in the wanted unit (100 s in h). Needs `mode`.
            mode: How to round.

        Raises:
            Refused: `quantity.dimension`; `quantity.inexact` when the amount does not come out
                even and no rounding was declared; `quantity.rounding` when only half declared.
        """
        source, target = unit_named(self.unit), unit_named(unit)
        check_dimension(source, target, f"{self} in {unit}")
        if source is target:
            dividend, divisor = self.value, Decimal(1)
        else:
            dividend, divisor = exact.multiply(self.value, source.factor), target.factor
            if source.offset != target.offset:
                dividend = exact.add(dividend, source.offset - target.offset)
        if places is None and mode is None:
            return self if source is target else Quantity(exact.divide(dividend, divisor), unit)
        if places is None or mode is None:
            raise Refused("quantity.rounding", "A rounding needs both: decimal places and a mode.")
        return Quantity(exact.rounded_quotient(dividend, divisor, places, mode), unit)

    def round_to(self, places: int, mode: Rounding | str) -> Quantity:
        """Return the amount with this many decimal places (-60 to 60; -1 keeps tens).

        Raises:
            Refused: `quantity.rounding` for other places or modes.
        """
        return Quantity(exact.rounded(self.value, places, mode), self.unit)

    def __add__(self, other: object) -> Quantity:
        """Add an amount of the same dimension; the sum is in the left unit.

        Where the right amount has no exact form in the left unit (1 h + 100 s), the sum is in the
        right unit. To a temperature in Celsius only a difference in kelvin can be added.

        Raises:
            Refused: `quantity.dimension`, `quantity.scale`, `quantity.range`.
        """
        if not isinstance(other, Quantity):
            return NotImplemented
        left, right = unit_named(self.unit), unit_named(other.unit)
        check_dimension(left, right, f"{self} and {other}")
        if right.is_scale:
            if left.is_scale:
                raise scale_refused(f"{self} + {other}")
            return other + self
        try:
            return Quantity(exact.add(self.value, steps(other.value, right, left)), left.code)
        except Refused as error:
            if error.code != "quantity.inexact" or left.is_scale:
                raise
        return Quantity(exact.add(steps(self.value, left, right), other.value), right.code)

    def __sub__(self, other: object) -> Quantity:
        """Subtract an amount of the same dimension; units as in a sum.

        The difference of two temperatures in Celsius is in kelvin.

        Raises:
            Refused: `quantity.dimension`, `quantity.scale`, `quantity.range`.
        """
        if not isinstance(other, Quantity):
            return NotImplemented
        left, right = unit_named(self.unit), unit_named(other.unit)
        check_dimension(left, right, f"{self} and {other}")
        if not right.is_scale:
            return self + Quantity(other.value.copy_negate(), other.unit)
        if left is not right:
            raise scale_refused(f"{self} - {other}")
        difference = exact.add(self.value, other.value.copy_negate())
        return Quantity(exact.multiply(difference, left.factor), base_unit(left.dimension).code)

    def __mul__(self, factor: object) -> Quantity:
        """Multiply by a plain Decimal or int, exactly.

        Raises:
            Refused: `quantity.product` for another quantity; `quantity.scale`, `quantity.range`.
        """
        if isinstance(factor, Quantity):
            raise Refused(
                "quantity.product",
                f"{self} x {factor} has no unit daytwo knows. Nothing was calculated; multiply by "
                "a plain number (a percentage is one after conversion to unit 1).",
            )
        number = _scalar(factor)
        if number is None:
            return NotImplemented
        if unit_named(self.unit).is_scale:
            raise scale_refused(f"{self} x {factor}")
        return Quantity(exact.multiply(self.value, number), self.unit)

    __rmul__ = __mul__

    @overload
    def __truediv__(self, divisor: Quantity) -> Decimal: ...
    @overload
    def __truediv__(self, divisor: Decimal | int) -> Quantity: ...
    def __truediv__(self, divisor: object) -> Quantity | Decimal:
        """Divide by a plain Decimal or int, or by an amount of the same dimension.

        Returns:
            A quantity in this unit; by a quantity, their ratio as a plain number. Rounded half
            even to 34 significant digits where the quotient does not end.

        Raises:
            Refused: `quantity.dimension`, `quantity.scale`, `quantity.zero_division`,
                `quantity.range`.
        """
        unit = unit_named(self.unit)
        if isinstance(divisor, Quantity):
            below = unit_named(divisor.unit)
            check_dimension(unit, below, f"{self} and {divisor}")
            if unit.is_scale or below.is_scale:
                raise scale_refused(f"{self} / {divisor}")
            if unit is below:
                return exact.quotient(self.value, divisor.value)
            return exact.quotient(_in_base(self), _in_base(divisor))
        number = _scalar(divisor)
        if number is None:
            return NotImplemented
        if unit.is_scale:
            raise scale_refused(f"{self} / {divisor}")
        return Quantity(exact.quotient(self.value, number), self.unit)

    def __neg__(self) -> Quantity:
        if unit_named(self.unit).is_scale:
            raise scale_refused(f"-({self})")
        return Quantity(self.value.copy_negate(), self.unit)

    def __abs__(self) -> Quantity:
        if unit_named(self.unit).is_scale:
            raise scale_refused(f"|{self}|")
        return Quantity(self.value.copy_abs(), self.unit)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        if self.unit == other.unit:
            return self.value == other.value
        return self.dimension == other.dimension and _in_base(self) == _in_base(other)

    def __hash__(self) -> int:
        return hash((self.dimension, _in_base(self)))

    def __lt__(self, other: object) -> bool:
        left, right = _comparable(self, other)
        return left < right

    def __le__(self, other: object) -> bool:
        left, right = _comparable(self, other)
        return left <= right

    def __gt__(self, other: object) -> bool:
        left, right = _comparable(self, other)
        return left > right

    def __ge__(self, other: object) -> bool:
        left, right = _comparable(self, other)
        return left >= right


def _scalar(number: object) -> Decimal | None:
    """Return a plain number as Decimal; None for anything that is not one, a float above all."""
    if isinstance(number, Decimal):
        return number
    return Decimal(number) if type(number) is int else None


def _in_base(quantity: Quantity) -> Decimal:
    return in_base(quantity.value, unit_named(quantity.unit))


def _comparable(left: Quantity, right: object) -> tuple[Decimal, Decimal]:
    """Return two exact values in one unit, or refuse with `quantity.dimension`."""
    if not isinstance(right, Quantity):
        message = f"{left} cannot be compared with {right!r}: it has no unit"
        raise TypeError(message)
    if left.unit == right.unit:
        return left.value, right.value
    check_dimension(unit_named(left.unit), unit_named(right.unit), f"{left} and {right}")
    return _in_base(left), _in_base(right)


def _format_refused(entry: object) -> Refused:
    shown = f"{entry!r:.80}"
    return Refused(
        "quantity.format",
        f"{shown} is not a quantity. Nothing was kept; write digits, at most one decimal point, "
        "and a unit: 2.34 %.",
        {"entry": shown},
    )
