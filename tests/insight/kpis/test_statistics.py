"""Order statistics against published and independently computed figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.insight.kpis.statistics import median, median_interval, nearest_rank

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


def test_release_times_of_the_kpi_paper() -> None:
    times = [3.0, 4.0, 5.0, 6.0, 40.0]
    assert median(times) == 5
    assert nearest_rank(times, 0.9) == 40


def test_nothing_gives_nothing() -> None:
    assert median([]) is None
    assert nearest_rank([], 0.9) is None
    assert median_interval([]) is None


@given(numbers)
def test_median_equals_numpy(values: list[float]) -> None:
    assert median(values) == pytest.approx(float(np.median(values)))


@given(numbers, st.sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_nearest_rank_equals_numpys_inverted_cdf(values: list[float], share: float) -> None:
    expected = np.quantile(values, share, method="inverted_cdf")
    assert nearest_rank(values, share) == pytest.approx(float(expected))


@pytest.mark.parametrize(
    ("n", "low", "high"),
    # Ranks of the published table of nonparametric 95 % intervals for a median
    # (Geigy Scientific Tables, vol. 2; Altman, Statistics with Confidence, table 18.4).
    [(6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (15, 4, 12), (20, 6, 15), (30, 10, 21)],
)
def test_interval_has_the_published_ranks(n: int, low: int, high: int) -> None:
    values = [float(rank) for rank in range(1, n + 1)]
    assert median_interval(values) == (low, high)


def test_too_few_values_have_no_interval() -> None:
    assert median_interval([1.0, 2.0, 3.0, 4.0, 5.0]) is None


def test_interval_covers_the_median_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    hits = 0
    for sample in rng.exponential(size=(2000, 15)):
        interval = median_interval(sample.tolist())
        assert interval is not None
        hits += interval[0] <= np.log(2) <= interval[1]
    assert 0.95 <= hits / 2000 <= 0.985
