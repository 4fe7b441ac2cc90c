"""Decimal arithmetic: exact or refused, the same on every thread, rounded only as told."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from daytwo.kernel import exact
from daytwo.kernel.errors import Refused
from daytwo.kernel.exact import MAX_PLACES, QUOTIENT_DIGITS, Rounding

values = st.decimals(
    min_value=Decimal("-1E40"), max_value=Decimal("1E40"), allow_nan=False, allow_infinity=False
).filter(lambda value: value.as_tuple().exponent >= -MAX_PLACES)
short = st.decimals(-1000, 1000, places=3)

# Ties and their neighbours, worked by hand: value, places, half up, half even.
ROUNDINGS = [
    ("0.5", 0, "1", "0"),
    ("1.5", 0, "2", "2"),
    ("2.5", 0, "3", "2"),
    ("-0.5", 0, "-1", "0"),
    ("-1.5", 0, "-2", "-2"),
    ("-2.5", 0, "-3", "-2"),
    ("2.4999999999999999999999999999999999999999", 0, "2", "2"),
    ("2.5000000000000000000000000000000000000001", 0, "3", "3"),
    ("2.675", 2, "2.68", "2.68"),
    ("2.665", 2, "2.67", "2.66"),
    ("1.005", 2, "1.01", "1.00"),
    ("98.95", 1, "99.0", "99.0"),
    ("98.85", 1, "98.9", "98.8"),
    ("99.949", 1, "99.9", "99.9"),
    ("99.95", 1, "100.0", "100.0"),
    ("3", 2, "3.00", "3.00"),
    ("0", 3, "0.000", "0.000"),
    ("1250", -2, "1300", "1200"),
    ("1350", -2, "1400", "1400"),
    ("49", -2, "0", "0"),
]


def code(call, *arguments):
    with pytest.raises(Refused) as error:
        call(*arguments)
    return error.value.code


@pytest.mark.requirement("R12")
@pytest.mark.parametrize(("value", "places", "half_up", "half_even"), ROUNDINGS)
def test_rounded_equals_the_golden_set(value, places, half_up, half_even):
    for mode, expected in ((Rounding.HALF_UP, half_up), ("half_even", half_even)):
        made = exact.plain(exact.rounded(Decimal(value), places, mode))
        assert str(made) == expected


@pytest.mark.requirement("R12")
@given(values, st.integers(-5, 40), st.sampled_from(Rounding))
def test_rounded_is_the_nearest_value_with_these_places(value, places, mode):
    made = Fraction(exact.rounded(value, places, mode))
    step = Fraction(10) ** -places
    assert made % step == 0
    distance = abs(made - Fraction(value))
    assert distance <= step / 2
    if distance == step / 2:
        if mode is Rounding.HALF_UP:
            assert abs(made) > abs(Fraction(value))
        else:
            assert (made / step) % 2 == 0


@given(values, st.integers(0, 40), st.sampled_from(Rounding))
def test_rounded_twice_changes_nothing(value, places, mode):
    once = exact.rounded(value, places, mode)
    assert str(exact.rounded(once, places, mode)) == str(once)


@pytest.mark.parametrize(
    ("places", "mode"),
    [(61, "half_up"), (-61, "half_up"), (2, "half_down"), (2, "ROUND_HALF_UP"), (2, ""), (2, None)],
)
def test_rounded_refuses_what_is_not_declared(places, mode):
    assert code(exact.rounded, Decimal(1), places, mode) == "quantity.rounding"


def test_rounded_names_the_modes_there_are():
    with pytest.raises(Refused, match=r"one of: half_up, half_even\."):
        exact.rounded(Decimal(1), 2, "up")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2.50", "2.50"),
        ("1E+3", "1000"),
        ("1.20E+1", "12.0"),
        ("-0.00", "0.00"),
        ("-0", "0"),
        ("0E+5", "0"),
        ("0E-7", "0.0000000"),
        ("-3", "-3"),
        ("1E+60", "1" + "0" * 60),
        ("1E-60", "0." + "0" * 59 + "1"),
    ],
)
def test_plain_keeps_digits_without_exponent_or_signed_zero(value, text):
    assert f"{exact.plain(Decimal(value)):f}" == text
    assert exact.plain(Decimal(value)).as_tuple().exponent <= 0


@pytest.mark.parametrize("value", ["1E+61", "9E+999999", "1E-61", "0E-61", "1." + "0" * 61])
def test_plain_refuses_values_out_of_range(value):
    assert code(exact.plain, Decimal(value)) == "quantity.range"


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_plain_refuses_values_that_are_no_amount(value):
    assert code(exact.plain, Decimal(value)) == "quantity.value"


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("value", [1.5, 1, "1.5", None, True, 1j, Fraction(1, 2)])
def test_plain_refuses_anything_but_a_decimal(value):
    assert code(exact.plain, value) == "quantity.value"


@pytest.mark.requirement("R12")
@given(values, values)
def test_sums_and_products_are_exact(left, right):
    assert Fraction(exact.add(left, right)) == Fraction(left) + Fraction(right)
    assert Fraction(exact.multiply(left, right)) == Fraction(left) * Fraction(right)


def outcomes(left, right):
    """Return what each operation gives, as text, or by which code it is refused."""
    made = []
    for operation, *operands in (
        (exact.plain, left),
        (exact.add, left, right),
        (exact.multiply, left, right),
        (exact.quotient, left, right),
        (exact.rounded, left, 5, "half_even"),
    ):
        try:
            made.append(str(operation(*operands)))
        except Refused as refused:
            made.append(refused.code)
    return made


@given(values, values)
@example(Decimal("9" * 40), Decimal("1e-30"))
def test_thread_context_changes_nothing(left, right):
    assume(right)
    with decimal.localcontext(prec=3, rounding=decimal.ROUND_UP, traps=[]):
        made = outcomes(left, right)
    assert made == outcomes(left, right)


def test_quotient_out_of_range_is_refused_whatever_the_context():
    assert outcomes(Decimal("9" * 40), Decimal("1e-30"))[3] == "quantity.range"


@pytest.mark.parametrize("extreme", ["1E+400", "1E-400", "1E+999999", "9" * 310, "sNaN"])
def test_sum_with_an_extreme_is_refused(extreme):
    assert code(exact.add, Decimal("1.5"), Decimal(extreme)) == "quantity.range"
    assert code(exact.add, Decimal(extreme), Decimal("1.5")) == "quantity.range"


@pytest.mark.parametrize("extreme", ["1E+999999", "9" * 310, "sNaN"])
def test_product_that_needs_more_digits_than_there_are_is_refused(extreme):
    assert code(exact.multiply, Decimal(extreme), Decimal(extreme)) == "quantity.range"


@pytest.mark.parametrize("extreme", ["1E+400", "1E-400", "9" * 290])
def test_product_with_an_extreme_is_exact_and_cannot_be_kept(extreme):
    made = exact.multiply(Decimal("1.5"), Decimal(extreme))
    assert Fraction(made) == Fraction(3, 2) * Fraction(Decimal(extreme))
    assert code(exact.plain, made) == "quantity.range"


@given(short, short)
def test_divide_is_exact_or_refused(left, right):
    assume(right)
    wanted = Fraction(left) / Fraction(right)
    rest = wanted.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1:
        assert Fraction(exact.divide(left, right)) == wanted
    else:
        assert code(exact.divide, left, right) == "quantity.inexact"


@given(values, values)
def test_quotient_is_correctly_rounded(left, right):
    assume(right)
    wanted = Fraction(left) / Fraction(right)
    made = exact.quotient(left, right)
    assert exact.plain(made).as_tuple() == made.as_tuple()
    if made.adjusted() >= QUOTIENT_DIGITS - MAX_PLACES:
        ulp = Fraction(10) ** (made.adjusted() - QUOTIENT_DIGITS + 1)
    else:
        ulp = Fraction(10) ** -MAX_PLACES
    assert abs(Fraction(made) - wanted) <= ulp / 2
    assert Fraction(made) == wanted or Fraction(made) % ulp == 0


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        ("1000", "4", "250"),
        ("1E+3", "4", "250"),
        ("2", "3", "0." + "6" * 33 + "7"),
        ("1E-50", "3", "0." + "0" * 50 + "3" * 10),
        ("5E-60", "10", "0." + "0" * 60),
        ("15E-60", "10", "0." + "0" * 59 + "2"),
        ("0", "3", "0"),
        ("-0.0", "3", "0.0"),
    ],
)
def test_quotient_is_written_plainly(left, right, text):
    assert f"{exact.quotient(Decimal(left), Decimal(right)):f}" == text
    made = exact.quotient(Decimal(left), Decimal(right))
    assert made.as_tuple().exponent <= 0


def test_quotient_by_zero_is_refused():
    assert code(exact.quotient, Decimal(1), Decimal(0)) == "quantity.zero_division"
    assert code(exact.quotient, Decimal(0), Decimal("0.00")) == "quantity.zero_division"


def test_quotient_out_of_range_is_refused():
    assert code(exact.quotient, Decimal("1E+999999"), Decimal("1E-999999")) == "quantity.range"
    assert code(exact.quotient, Decimal("1E+60"), Decimal("1E-60")) == "quantity.range"


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_quotient_of_what_is_no_amount_is_refused(value):
    assert code(exact.quotient, Decimal(value), Decimal(1)) == "quantity.value"
    assert code(exact.quotient, Decimal(1), Decimal(value)) == "quantity.value"


@given(short, short, st.integers(0, 10), st.sampled_from(Rounding))
def test_rounded_quotient_rounds_once(left, right, places, mode):
    assume(right)
    wanted = Fraction(left) / Fraction(right)
    made = Fraction(exact.rounded_quotient(left, right, places, mode))
    step = Fraction(10) ** -places
    distance = abs(made - wanted)
    assert distance <= step / 2
    if distance == step / 2 and mode is Rounding.HALF_UP:
        assert abs(made) > abs(wanted)


def test_rounded_quotient_is_not_rounded_twice():
    # 0.4999... with 400 nines is below one half; rounded to 300 digits first it would be one half.
    below = Decimal("0." + "4" + "9" * 400)
    assert exact.rounded_quotient(below, Decimal(1), 0, "half_up") == 0
    above = Decimal("2.5" + "0" * 400 + "1")
    assert exact.rounded_quotient(above, Decimal(1), 0, "half_even") == 3
