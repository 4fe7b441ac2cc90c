"""Rules of governance: what follows what, what counts, what it is worth."""

from __future__ import annotations

from decimal import Decimal

import pytest

from daytwo.insight.governance import rules
from daytwo.insight.governance.enums import InitiativeState as S
from daytwo.kernel.errors import Refused


def test_every_state_has_its_followers():
    assert set(rules.TRANSITIONS) == set(S)
    for state in S:
        for wanted in S:
            if wanted in rules.TRANSITIONS[state]:
                rules.check_may(state, wanted)
            else:
                with pytest.raises(Refused, match=state):
                    rules.check_may(state, wanted)


@pytest.mark.parametrize("text", ["", "much", "NaN", "Infinity", "1,5"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Refused, match="number"):
        rules.check_number("It", text)


def test_number_that_is_not_needed_may_be_missing():
    rules.check_number("It", "", needed=False)
    rules.check_number("It", "-3.5")
    with pytest.raises(Refused):
        rules.check_said("reason", "  ")


@pytest.mark.parametrize(
    ("before", "after", "apart"),
    [
        ((9, 11), (4, 6), True),
        ((4, 6), (9, 11), True),
        ((4, 9), (9, 11), False),
        (None, (1, 2), False),
        ((1, 2), None, False),
    ],
)
def test_change_is_beyond_noise_when_the_intervals_lie_apart(before, after, apart):
    assert rules.beyond_noise(before, after) is apart


def test_better_is_what_the_definition_says():
    assert rules.better("lower is better", -1)
    assert not rules.better("lower is better", 1)
    assert rules.better("higher is better", 1)
    assert not rules.better("context: a fall may be under-reporting", -1)
    assert not rules.better("higher is better", None)
    assert rules.change(5, None) is None


def test_unproven_is_not_counted():
    rules.check_proven("lower is better", -4, apart=True, euros=Decimal(10))
    rules.check_proven("lower is better", 4, apart=False, euros=Decimal(0))
    for moved, apart in ((-4, False), (4, True)):
        with pytest.raises(Refused, match="beyond noise"):
            rules.check_proven("lower is better", moved, apart=apart, euros=Decimal(1))


def test_worked_value_of_the_kpi_paper():
    """400 lots of 250 k€, 8 %, release from 21 to 14 days."""
    assert rules.cash_cost_per_year(400, 250_000, 0.08, 21 - 14) == pytest.approx(153_425, abs=1)
    assert rules.stock_released(400, 250_000, 21 - 14) == pytest.approx(1_917_808, abs=1)


def test_kpi_is_narrowed_only_by_what_its_subjects_tell():
    rules.check_told_apart(("site",), site="main", product_code="")
    with pytest.raises(Refused, match="narrowed to a product"):
        rules.check_told_apart(("site",), site="main", product_code="P")
