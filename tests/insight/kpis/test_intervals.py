"""Intervals against published tables and an independent computation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from daytwo.insight.kpis.intervals import garwood, linearised, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_is_the_published_one(successes, trials, low, high):
    assert wilson(successes, trials) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


@pytest.mark.parametrize(("k", "n"), [(0, 7), (1, 7), (3, 10), (99, 100), (5, 5)])
def test_wilson_equals_scipys(k, n):
    theirs = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == (pytest.approx(theirs.low), pytest.approx(theirs.high))


def test_no_trial_and_more_successes_than_trials_have_no_interval():
    assert wilson(0, 0) is None
    assert wilson(5, 4) is None
    assert garwood(3, 0) is None
    assert linearised(1, y=1, x=1, yy=1, xx=1, xy=1) is None


@pytest.mark.parametrize(
    ("events", "low", "high"),
    # Garwood's exact limits as tabulated by Ulm, Am. J. Epidemiology 131 (1990) 373.
    [
        (0, 0.0, 3.689),
        (1, 0.0253, 5.572),
        (2, 0.242, 7.225),
        (5, 1.623, 11.668),
        (10, 4.795, 18.39),
    ],
)
def test_garwood_is_the_published_one(events, low, high):
    assert garwood(events, 1) == (pytest.approx(low, abs=6e-4), pytest.approx(high, abs=6e-4))


def test_nothing_in_twenty_batches_may_be_eighteen_in_a_hundred():
    assert garwood(0, 20) == (0, pytest.approx(0.18444, abs=1e-5))


def test_garwood_covers_at_least_as_often_as_it_says():
    rng = np.random.default_rng(11)
    intervals = [garwood(int(k), 1) for k in rng.poisson(4.2, 4000)]
    hits = sum(low <= 4.2 <= high for low, high in intervals)
    assert 0.95 <= hits / 4000 <= 0.985


def test_linearised_ratio_is_cochrans():
    """The regression through the origin's residuals, computed another way with numpy."""
    rng = np.random.default_rng(3)
    x = rng.uniform(20, 60, 40)
    y = 0.1 * x + rng.normal(0, 1, 40)
    low, high = linearised(
        40, y=y.sum(), x=x.sum(), yy=(y * y).sum(), xx=(x * x).sum(), xy=(x * y).sum()
    )
    ratio = y.sum() / x.sum()
    error = np.std(y - ratio * x, ddof=1) / np.sqrt(40) / x.mean()
    half = stats.t.ppf(0.975, 39) * error
    assert (low, high) == (pytest.approx(ratio - half), pytest.approx(ratio + half))


def test_linearised_ratio_covers_as_often_as_it_says():
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(1500):
        entries = rng.integers(50, 150, 30).astype(float)
        errors = rng.poisson(entries * rng.gamma(4, 0.02, 30)).astype(float)
        sums = {"yy": errors @ errors, "xx": entries @ entries, "xy": errors @ entries}
        low, high = linearised(30, y=errors.sum(), x=entries.sum(), **sums)
        hits += low <= 0.08 <= high
    assert 0.92 <= hits / 1500 <= 0.97
