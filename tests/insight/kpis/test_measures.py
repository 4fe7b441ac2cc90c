"""From sums to a figure: shares, rates, ratios and quotients."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.intervals import garwood, wilson
from daytwo.insight.kpis.measures import (
    Parts,
    median,
    of_sums,
    quotient,
    rate,
    ratio,
    share,
    times,
)


def test_share_is_in_per_cent_with_wilsons_interval():
    found = of_sums(share(), Parts(exposed=20, y=15, x=20))
    low, high = wilson(15, 20)
    assert (found.value, found.n) == (75, 20)
    assert found.interval == (pytest.approx(100 * low), pytest.approx(100 * high))


def test_rate_is_scaled_with_garwoods_interval():
    found = of_sums(rate(100), Parts(exposed=50, y=4, x=50))
    low, high = garwood(4, 50)
    assert found.value == 8
    assert found.interval == (pytest.approx(100 * low), pytest.approx(100 * high))


def test_ratio_of_equal_subjects_has_no_spread():
    found = of_sums(ratio(1), Parts(exposed=4, y=8, x=4, yy=16, xx=4, xy=8))
    assert (found.value, found.interval) == (2, (2, 2))


def test_quotient_states_no_interval():
    assert of_sums(quotient(100), Parts(exposed=4, y=1, x=4)).interval is None


def test_nothing_to_divide_by_is_unknown():
    assert of_sums(rate(1), Parts(y=3)).value is None


def test_times_know_the_length_of_their_unit():
    assert times("h").unit_us == 3_600_000_000
    assert median().unit_us == 0
