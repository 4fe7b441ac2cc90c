"""The table of units: every factor by hand, every mistake named."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from daytwo.kernel.errors import Refused
from daytwo.kernel.units import UNITS, base_unit, in_base, steps, unit_named

# One of each unit in its base unit, from the SI Brochure and by arithmetic, not from the code.
IN_BASE = {
    "ug": ("mass", "0.000001"),
    "mg": ("mass", "0.001"),
    "g": ("mass", "1"),
    "kg": ("mass", "1000"),
    "t": ("mass", "1000000"),
    "uL": ("volume", "0.000001"),
    "mL": ("volume", "0.001"),
    "L": ("volume", "1"),
    "s": ("time", "1"),
    "min": ("time", "60"),
    "h": ("time", "3600"),
    "d": ("time", "86400"),
    "tab": ("count", "1"),
    "pcs": ("pieces", "1"),
    "vial": ("vials", "1"),
    "1": ("dimensionless", "1"),
    "%": ("dimensionless", "0.01"),
    "um": ("length", "0.000001"),
    "mm": ("length", "0.001"),
    "cm": ("length", "0.01"),
    "m": ("length", "1"),
    "N": ("force", "1"),
    "kN": ("force", "1000"),
    "Pa": ("pressure", "1"),
    "kPa": ("pressure", "1000"),
    "mbar": ("pressure", "100"),
    "bar": ("pressure", "100000"),
    "K": ("temperature", "1"),
    "Cel": ("temperature", "274.15"),
    "1/min": ("rotation", "1"),
    "N.m": ("torque", "1"),
}


def test_units_are_the_ones_of_the_table():
    assert set(UNITS) == set(IN_BASE)


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("code", IN_BASE)
def test_unit_has_its_size_and_dimension(code):
    dimension, size = IN_BASE[code]
    assert UNITS[code].code == code
    assert UNITS[code].dimension == dimension
    assert in_base(Decimal(1), UNITS[code]) == Decimal(size)


@pytest.mark.parametrize("code", IN_BASE)
def test_base_unit_is_one_of_itself(code):
    base = base_unit(UNITS[code].dimension)
    assert base.dimension == UNITS[code].dimension
    assert (base.factor, base.offset) == (1, 0)


def test_units_of_ten_are_written_so_that_no_digit_is_added():
    for unit in UNITS.values():
        if unit.dimension != "time":
            assert len(unit.factor.as_tuple().digits) == 1


def test_only_celsius_is_a_scale():
    assert [unit.code for unit in UNITS.values() if unit.is_scale] == ["Cel"]


def test_units_cannot_be_changed():
    with pytest.raises(TypeError):
        UNITS["stone"] = UNITS["kg"]
    with pytest.raises(FrozenInstanceError):
        UNITS["kg"].factor = Decimal(1)


def test_steps_leave_the_zero_point_out():
    assert steps(Decimal(5), UNITS["K"], UNITS["Cel"]) == 5
    assert steps(Decimal("1.5"), UNITS["h"], UNITS["min"]) == 90


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("°C", "Cel"),
        ("C", "Cel"),
        ("KG", "kg"),
        ("ML", "mL"),
        ("ml", "mL"),
        ("l", "L"),
        ("\u00b5g", "ug"),  # micro sign
        ("\u03bcg", "ug"),  # Greek mu
        ("\u00b5L", "uL"),
        ("mcg", "ug"),
        ("H", "h"),
        ("hr", "h"),
        ("sec", "s"),
        ("rpm", "1/min"),
        ("Nm", "N.m"),
        ("N·m", "N.m"),
        ("percent", "%"),
        ("tablets", "tab"),
        ("TAB", "tab"),
        (" kg ", "kg"),
        ("pa", "Pa"),
        ("kn", "kN"),
    ],
)
def test_unit_written_otherwise_is_refused_with_the_right_code(written, meant):
    with pytest.raises(Refused) as error:
        unit_named(written)
    assert error.value.code == "quantity.unit"
    assert error.value.info["meant"] == meant
    assert str(error.value).endswith(f"Write {meant}.")


@pytest.mark.parametrize("written", ["parsec", "", "kg/h", "nm", "x" * 500, None, 5, ["kg"]])
def test_unknown_unit_is_refused_with_the_list(written):
    with pytest.raises(Refused) as error:
        unit_named(written)
    assert error.value.code == "quantity.unit"
    assert error.value.info["meant"] is None
    assert error.value.info["units"] == list(UNITS)
    assert "Units are: g, ug, mg, kg, t, L," in str(error.value)
    assert len(str(error.value)) < 300


def test_missing_unit_is_called_missing():
    with pytest.raises(Refused, match=r"^The unit is missing\. Nothing was kept\."):
        unit_named("")
