"""Expressions: a golden set, units, declared rounding, and hostile texts."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.kernel.quantity import Quantity, Rounding
from daytwo.record.recipes.errors import ExpressionRefused
from daytwo.record.recipes.expression import MAX_DEPTH, MAX_LENGTH, parse

VALUES = {
    "actual": Quantity.parse("47.280 kg"),
    "theoretical": Quantity.parse("48.000 kg"),
    "lod": Quantity.parse("2.0 %"),
    "grams": Quantity.parse("500 g"),
    "tablets": Quantity.parse("240000 tab"),
    "weight": Quantity.parse("206.0 mg"),
    "minutes": Quantity.parse("90 min"),
    "litres": Quantity.parse("2 L"),
    "warm": Quantity.parse("25 Cel"),
    "nothing": Quantity.parse("0 kg"),
    "half": Quantity.parse("0.5 1"),
}

GOLDEN = [
    # By hand, or with bc at 60 digits.
    ("actual / theoretical", "%", 1, "98.5 %"),
    ("actual / theoretical", "%", 3, "98.500 %"),
    ("actual / theoretical", "1", 3, "0.985 1"),
    ("actual * (1 - lod)", "kg", 4, "46.3344 kg"),
    ("theoretical - actual", "g", 0, "720 g"),
    ("theoretical - grams", "kg", 2, "47.50 kg"),
    ("grams + theoretical", "kg", 1, "48.5 kg"),
    ("weight * tablets", "kg", 3, "49.440 kg"),
    ("theoretical / weight", "tab", 0, "233010 tab"),
    ("min(actual, theoretical) / max(actual, theoretical, grams)", "%", 2, "98.50 %"),
    ("theoretical / minutes * minutes", "kg", 0, "48 kg"),
    ("actual * litres / litres", "kg", 3, "47.280 kg"),
    ("1 / 3", "1", 12, "0.333333333333 1"),
    ("2 / 3 * 3", "1", 12, "2.000000000000 1"),
    ("-(-half) + +half", "1", 1, "1.0 1"),
    ("2 + 3 * 4 - 6 / 2", "1", 0, "11 1"),
    ("(2 + 3) * (4 - 6) / 2", "1", 0, "-5 1"),
    ("8 / 4 / 2", "1", 0, "1 1"),
    ("0.1 + 0.2", "1", 12, "0.300000000000 1"),
    ("round_to(2 / 3, 2) * 100", "1", 0, "67 1"),
    ("round_to(0.125, 2) + round_to(0.375, 2)", "1", 2, "0.51 1"),
]


@pytest.mark.requirement("R12")
@pytest.mark.parametrize(("text", "unit", "places", "expected"), GOLDEN)
def test_expression_gives_golden_value(text: str, unit: str, places: int, expected: str) -> None:
    assert str(parse(text).evaluate(VALUES, unit=unit, places=places)) == expected


@pytest.mark.requirement("R12")
@pytest.mark.parametrize(
    ("number", "places", "half_up", "half_even"),
    [
        # The table of USP General Notices 7.20, and the ties it does not show.
        ("97.96", 1, "98.0", "98.0"),
        ("97.92", 1, "97.9", "97.9"),
        ("97.95", 1, "98.0", "98.0"),
        ("1.9950", 2, "2.00", "2.00"),
        ("0.00015", 4, "0.0002", "0.0002"),
        ("2.5", 0, "3", "2"),
        ("3.5", 0, "4", "4"),
        ("98.45", 1, "98.5", "98.4"),
        ("1.005", 2, "1.01", "1.00"),
        ("0.285", 2, "0.29", "0.28"),
        ("2.675", 2, "2.68", "2.68"),
        ("2.665", 2, "2.67", "2.66"),
        ("0.4999999999999999", 0, "0", "0"),
    ],
)
def test_rounding_is_the_declared_one(
    number: str, places: int, half_up: str, half_even: str
) -> None:
    expression = parse(number)
    negative = parse(f"-{number}")
    for rounding, expected in ((Rounding.HALF_UP, half_up), (Rounding.HALF_EVEN, half_even)):
        got = expression.evaluate({}, unit="1", places=places, rounding=rounding)
        assert str(got.value) == expected
        mirrored = negative.evaluate({}, unit="1", places=places, rounding=rounding)
        assert mirrored.value == -Decimal(expected)


@pytest.mark.requirement("R12")
def test_inner_rounding_uses_the_declared_mode() -> None:
    inner = parse("round_to(0.125, 2)")
    assert inner.evaluate({}, unit="1", places=2).value == Decimal("0.13")
    even = inner.evaluate({}, unit="1", places=2, rounding=Rounding.HALF_EVEN)
    assert even.value == Decimal("0.12")


@pytest.mark.requirement("R12")
def test_result_does_not_depend_on_the_decimal_context_of_the_thread() -> None:
    # A thread with a low precision must not round what a batch record says.
    text = "-(actual) / theoretical * 100000"
    expected = parse(text).evaluate(VALUES, unit="1", places=12)
    with localcontext() as context:
        context.prec = 2
        context.Emax = 2
        assert str(parse(text).evaluate(VALUES, unit="1", places=12)) == str(expected)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("actual + minutes", "kg"),
        ("actual - 1", "kg"),
        ("min(actual, lod)", "kg"),
        ("max(1, tablets, weight)", "1"),
        ("actual / theoretical", "kg"),
        ("actual * theoretical", "kg"),
        ("actual / minutes", "kg"),
        ("actual", "L"),
        ("round_to(actual, 1)", "kg"),
        ("warm", "Cel"),
        ("warm * 2", "Cel"),
    ],
)
def test_units_that_do_not_fit_are_refused(text: str, unit: str) -> None:
    units = {name: quantity.unit for name, quantity in VALUES.items()}
    with pytest.raises(ExpressionRefused) as run:
        parse(text).evaluate(VALUES, unit=unit, places=2)
    with pytest.raises(ExpressionRefused) as check:
        parse(text).check_units(units, unit=unit)
    assert run.value.code == check.value.code == "expression.unit"


@pytest.mark.parametrize(("text", "unit", "places", "expected"), GOLDEN)
def test_units_that_fit_pass_the_check(text: str, unit: str, places: int, expected: str) -> None:
    units = {name: quantity.unit for name, quantity in VALUES.items()}
    parse(text).check_units(units, unit=unit)


def test_undefined_name_is_refused_by_name() -> None:
    with pytest.raises(ExpressionRefused) as refused:
        parse("actual / planned").evaluate(VALUES, unit="%", places=1)
    assert refused.value.code == "expression.name"
    assert refused.value.info == {"name": "planned"}


@pytest.mark.parametrize("text", ["1 / 0", "actual / nothing", "nothing / nothing", "1 / (2 - 2)"])
def test_division_by_zero_is_refused(text: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        parse(text).evaluate(VALUES, unit="1", places=2)
    assert refused.value.code == "expression.arithmetic"


@pytest.mark.parametrize("places", [-1, 13, 10**9])
def test_decimals_are_bounded(places: int) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        parse("1").evaluate({}, unit="1", places=places)
    assert refused.value.code == "expression.limit"


@pytest.mark.parametrize("factors", [12, 30])
def test_intermediate_values_are_bounded(factors: int) -> None:
    for text in (
        " * ".join(["999999999999999"] * factors),
        "1" + " / 999999999999999" * factors,
    ):
        with pytest.raises(ExpressionRefused) as refused:
            parse(text).evaluate({}, unit="1", places=2)
        assert refused.value.code == "expression.limit"


HOSTILE = [
    "__import__('os').system('true')",
    "actual.__class__",
    "actual[0]",
    "().__class__.__bases__",
    "open(actual)",
    "eval(1)",
    "round(1)",
    "min()",
    "min(1)",
    "min(*actual)",
    "max(1, key=2)",
    "round_to(1)",
    "round_to(1, actual)",
    "round_to(1, -1)",
    "round_to(1, 1.5)",
    "round_to(1, 13)",
    "round_to(1, 99999999999)",
    "min",
    "2 ** 9",
    "9 // 2",
    "9 % 2",
    "1 if 1 else 2",
    "1 and 2",
    "not 1",
    "1 < 2",
    "~1",
    "lambda: 1",
    "[1, 2]",
    "(1, 2)",
    "1, 2",
    "'1'",
    '"1"',
    "f'{1}'",
    "True",
    "None",
    "...",
    "1e5",
    "1E999999999",
    "1_000",
    "0x10",
    "1j",
    ".5",
    "5.",
    "007",
    "\u0663 + 1",
    "\uff41ctual",
    "actual\n+ 1",
    "actual; 1",
    "a := 1",
    "await actual",
    "yield actual",
    "1 +",
    "* 1",
    "",
    " ",
    "(",
    ")",
    "((((",
    "\x00",
    "1\x00",
    "\ud800",
    "actual actual",
    "# nothing",
]


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        parse(text)
    assert refused.value.code == "expression.syntax"


@pytest.mark.parametrize(
    "text",
    [
        "1 + " * 200 + "1",
        "(1 + " * MAX_DEPTH + "1" + ")" * MAX_DEPTH,
        "-" * 100 + "1",
        "min(1, " * 60 + "1" + ")" * 60,
        "1" * 31,
        "0." + "1" * 29,
        "9" * (MAX_LENGTH + 1),
        "1" + " " * MAX_LENGTH,
    ],
)
def test_size_is_bounded(text: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        parse(text)
    assert refused.value.code == "expression.limit"


def test_longest_number_and_text_are_allowed() -> None:
    assert parse("9" * 30).evaluate({}, unit="1", places=0).value == Decimal("9" * 30)
    assert parse("1" + " " * (MAX_LENGTH - 1)).evaluate({}, unit="1", places=0).value == 1


def test_most_places_are_allowed() -> None:
    third = parse("round_to(1 / 3, 12)").evaluate({}, unit="1", places=12)
    assert str(third.value) == "0.333333333333"


def test_forty_terms_may_be_added() -> None:
    assert parse("1 + " * 39 + "1").evaluate({}, unit="1", places=0).value == 40


@given(st.text(max_size=60) | st.text(alphabet="1.+-*/() ,abminrouxd_t0e", max_size=60))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    # Any other exception would fail the test; suppress is for the refusal alone.
    with suppress(ExpressionRefused):
        expression = parse(text)
        values = dict.fromkeys(expression.names, Quantity.parse("2 kg"))
        result = expression.evaluate(values, unit="kg", places=3)
        assert result.value == round(result.value, 3)


@given(
    st.decimals(min_value="0.001", max_value="99999", places=3),
    st.decimals(min_value="0.001", max_value="99999", places=3),
)
def test_quotient_is_correctly_rounded(actual: Decimal, theoretical: Decimal) -> None:
    values = {"a": Quantity(actual, "kg"), "t": Quantity(theoretical, "kg")}
    got = parse("a / t").evaluate(values, unit="%", places=2).value
    # Exact in integers: the distance to the true quotient is at most half of the last place.
    assert abs(got * theoretical - actual * 100) * 2 <= theoretical * Decimal("0.01")
