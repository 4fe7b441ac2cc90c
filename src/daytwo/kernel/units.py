"""The units of measurement that a record may use: one table, exact factors.

References:
    UCUM (codes); SI Brochure, 9th edition, tables 4 and 8 (litre, tonne, bar, degree Celsius).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from daytwo.kernel import exact
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: an amount in the dimension's base unit is `amount * factor + offset`.

    Attributes:
        code: What is written in records and interfaces (UCUM, case-sensitive; `tab` is ours).
        dimension: Units of one dimension convert into each other, others never.
        factor: Size of one unit in the base unit. A power of ten is written with an exponent, so
            that a conversion adds no trailing zeros.
        offset: Zero point in the base unit; other than 0 only for a scale such as Celsius.
        symbol: What people are shown.
    """

    code: str
    dimension: str
    factor: Decimal
    offset: Decimal
    symbol: str

    @property
    def is_scale(self) -> bool:
        """True when its zero is a convention, so that sums and multiples say nothing."""
        return self.offset != 0


# (dimension, code, factor, offset, symbol); the first of each dimension is its base unit.
_TABLE: Final = (
    ("mass", "g", "1", "0", "g"),
    ("mass", "ug", "1E-6", "0", "µg"),
    ("mass", "mg", "1E-3", "0", "mg"),
    ("mass", "kg", "1E+3", "0", "kg"),
    ("mass", "t", "1E+6", "0", "t"),
    ("volume", "L", "1", "0", "L"),
    ("volume", "uL", "1E-6", "0", "µL"),
    ("volume", "mL", "1E-3", "0", "mL"),
    ("time", "s", "1", "0", "s"),
    ("time", "min", "60", "0", "min"),
    ("time", "h", "3600", "0", "h"),
    ("time", "d", "86400", "0", "d"),
    ("count", "tab", "1", "0", "tablets"),
    ("pieces", "pcs", "1", "0", "pcs"),
    ("vials", "vial", "1", "0", "vials"),
    ("dimensionless", "1", "1", "0", ""),
    ("dimensionless", "%", "1E-2", "0", "%"),
    ("length", "m", "1", "0", "m"),
    ("length", "um", "1E-6", "0", "µm"),
    ("length", "mm", "1E-3", "0", "mm"),
    ("length", "cm", "1E-2", "0", "cm"),
    ("force", "N", "1", "0", "N"),
    ("force", "kN", "1E+3", "0", "kN"),
    ("pressure", "Pa", "1", "0", "Pa"),
    ("pressure", "kPa", "1E+3", "0", "kPa"),
    ("pressure", "mbar", "1E+2", "0", "mbar"),
    ("pressure", "bar", "1E+5", "0", "bar"),
    ("temperature", "K", "1", "0", "K"),
    ("temperature", "Cel", "1", "273.15", "°C"),
    ("rotation", "1/min", "1", "0", "1/min"),
    ("torque", "N.m", "1", "0", "N·m"),
)

UNITS: Final[Mapping[str, Unit]] = MappingProxyType(
    {
        code: Unit(code, dimension, Decimal(factor), Decimal(offset), symbol)
        for dimension, code, factor, offset, symbol in _TABLE
    }
)
"""Every unit by its code."""

_BASES: Final = {dimension: UNITS[code] for dimension, code, *_ in reversed(_TABLE)}

# What people and other systems write for these units. Each is refused with the right code named:
# a record that guessed would no longer hold what was entered.
_MEANT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "°c": "Cel",
        "℃": "Cel",
        "c": "Cel",
        "degc": "Cel",
        "celsius": "Cel",
        "μg": "ug",  # Greek mu; the micro sign µ folds to it
        "mcg": "ug",
        "μl": "uL",
        "μm": "um",
        "sec": "s",
        "hr": "h",
        "hours": "h",
        "day": "d",
        "days": "d",
        "tablet": "tab",
        "tablets": "tab",
        "rpm": "1/min",
        "min-1": "1/min",
        "/min": "1/min",
        "Nm": "N.m",  # in this case only: nm is a length
        "n·m": "N.m",
        "n*m": "N.m",
        "percent": "%",
        "pct": "%",
    }
)


def unit_named(code: object) -> Unit:
    """Return the unit of this code.

    Raises:
        Refused: `quantity.unit`; its info names the units there are, and the one probably meant.
    """
    unit = UNITS.get(code) if isinstance(code, str) else None
    if unit is not None:
        return unit
    shown = str(code)[:40]
    meant = _meant(shown)
    said = f"{shown!r} is not a unit daytwo knows." if shown else "The unit is missing."
    hint = f"Write {meant}." if meant else f"Units are: {', '.join(UNITS)} (1 for a plain number)."
    raise Refused(
        "quantity.unit",
        f"{said} Nothing was kept. {hint}",
        {"unit": shown, "meant": meant, "units": list(UNITS)},
    )


def base_unit(dimension: str) -> Unit:
    """Return the unit in which a dimension's amounts are compared.

    Raises:
        KeyError: No such dimension.
    """
    return _BASES[dimension]


def in_base(value: Decimal, unit: Unit) -> Decimal:
    """Return an amount in the base unit of its dimension, which is always exact."""
    base = exact.multiply(value, unit.factor)
    return exact.add(base, unit.offset) if unit.is_scale else base


def steps(value: Decimal, source: Unit, target: Unit) -> Decimal:
    """Convert a difference, for which the zero points do not matter.

    Raises:
        Refused: `quantity.inexact` when it does not come out even.
    """
    if source is target:
        return value
    return exact.divide(exact.multiply(value, source.factor), target.factor)


def check_dimension(left: Unit, right: Unit, said: str) -> None:
    """Refuse to bring units of two dimensions together.

    Raises:
        Refused: `quantity.dimension`.
    """
    if left.dimension != right.dimension:
        raise Refused(
            "quantity.dimension",
            f"{said}: {left.dimension} and {right.dimension} do not go together. Nothing was "
            "calculated; check the units.",
            {"units": [left.code, right.code], "dimensions": [left.dimension, right.dimension]},
        )


def scale_refused(said: str) -> Refused:
    """Return the refusal of a calculation which a conventional zero makes meaningless."""
    return Refused(
        "quantity.scale",
        f"{said} says nothing, because zero on this scale is a convention. Nothing was "
        "calculated; use differences (in K).",
        {"expression": said},
    )


def _meant(code: str) -> str | None:
    folded = code.strip().casefold()
    for known in UNITS:
        if known.casefold() == folded:
            return known
    return _MEANT.get(code.strip()) or _MEANT.get(folded)
