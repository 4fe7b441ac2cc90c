"""Months that grow worse: the trend of all lines against numpy's, false alarms, many at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from daytwo.insight.detection.worsening import ALPHA, LEAST, slope, together
from daytwo.insight.kpis.cohort import Period
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.value import KpiValue

if TYPE_CHECKING:
    from collections.abc import Sequence

KPI = "K30"
"""Lower is better; K29 is the other way round, K34 takes no side."""


def months(
    values: Sequence[float | None], weights: Sequence[float] | None = None, kpi_id: str = KPI
) -> list[KpiValue]:
    made, of = [], definition(kpi_id)
    for value, weight in zip(values, weights or [100.0] * len(values), strict=True):
        base = None if kpi_id == "K34answer" else weight
        more = (None, int(weight), 0, (), 0, None, base, None, {}, Period(), 0)
        made.append(KpiValue(of, value, int(weight), 1.0, None, *more))
    return made


NOISY = [5.0, 6.5, 4.0, 7.0, 5.5, 8.0, 6.0, 9.0, 7.5, 8.5]


def test_one_line_of_equal_months_is_plain_regression() -> None:
    found = slope([months(NOISY)])
    plain = stats.linregress(range(10), NOISY)
    assert found is not None
    assert found.per_month == pytest.approx(plain.slope)
    assert found.p == pytest.approx(plain.pvalue / 2)
    better = slope([months(NOISY, kpi_id="K29")])
    assert better is not None
    assert better.p == pytest.approx(1 - plain.pvalue / 2)


def test_lines_with_weights_and_gaps_are_least_squares_with_a_level_each() -> None:
    one: list[float | None] = [*NOISY]
    one[3] = None
    two = [value * 2 + 10 for value in reversed(NOISY)]
    weights = [10.0, 40, 25, 5, 60, 30, 20, 45, 15, 35]
    found = slope([months(one, weights), months(two, weights[::-1])])
    rows = [
        (at, 0, value, weight)
        for at, (value, weight) in enumerate(zip(one, weights, strict=True))
        if value is not None
    ]
    rows += [(at, 1, v, w) for at, (v, w) in enumerate(zip(two, weights[::-1], strict=True))]
    t, line, y, w = np.array(rows, dtype=np.float64).T
    root = np.sqrt(w)
    design = np.stack([t, line == 0, line == 1], axis=1) * root[:, None]
    answer, squares, _, _ = np.linalg.lstsq(design, y * root, rcond=None)
    freedom = len(rows) - 3
    error = math.sqrt(squares[0] / freedom * np.linalg.inv(design.T @ design)[0, 0])
    assert found is not None
    assert found.per_month == pytest.approx(answer[0])
    assert found.p == pytest.approx(stats.t.sf(answer[0] / error, freedom))


def test_median_weighs_by_n() -> None:
    weights = [10.0, 40, 25, 5, 60, 30, 20, 45, 15, 35]
    by_n, by_base = (slope([months(NOISY, weights, k)]) for k in ("K34answer", KPI))
    assert by_n == by_base != slope([months(NOISY)])


def test_growth_and_step_are_found_and_another_mix_of_lines_is_not() -> None:
    noise = [0.3, -0.2, 0.1, -0.3, 0.2, 0.0] * 2
    creeping = slope([months([5 + 0.3 * n + e for n, e in enumerate(noise)])])
    sudden = slope([months([(5 if n < 6 else 8) + e for n, e in enumerate(noise)])])
    assert creeping is not None
    assert sudden is not None
    assert max(creeping.p, sudden.p) < 0.001
    rising, falling = ([float(w) for w in series] for series in (range(1, 13), range(12, 0, -1)))
    mixed = slope([months([5 + e for e in noise], falling), months([9 + e for e in noise], rising)])
    assert mixed is not None
    assert mixed.p > ALPHA


def test_nothing_is_said_of_few_months_no_move_or_no_side() -> None:
    few: list[float | None] = [*NOISY[: LEAST - 1], None]
    assert slope([months(few)]) is None
    assert slope([months([*few[:-1], 9.0])]) is not None
    assert slope([months([4.0] * 12), months([7.0] * 12)]) is None
    assert slope([months(NOISY, kpi_id="K34")]) is None
    assert slope([]) is None
    assert slope([months([float(n), *[None] * 9]) for n in range(10)]) is None


def test_straight_line_without_scatter_is_certain() -> None:
    up, down = (slope([months([side * n + 9.0 for n in range(9)])]) for side in (1, -1))
    assert up is not None
    assert down is not None
    assert (round(up.p, 9), round(down.p, 9)) == (0.0, 1.0)


@pytest.mark.parametrize("n", [9, 24])
def test_level_that_stands_still_is_called_as_often_as_designed(n: int) -> None:
    chance = np.random.default_rng(n)
    runs, called = 2000, 0
    for _ in range(runs):
        # Steps of a batch go wrong together: twelve batches a month, each with a rate of its own.
        batches = chance.poisson(12, (3, n)) + 1
        wrong = chance.negative_binomial(0.5 * batches, 0.5 / (0.5 + 0.6))
        found = slope(
            [
                months(list(100 * k / (38 * b)), list(38.0 * b))
                for k, b in zip(wrong, batches, strict=True)
            ]
        )
        called += found is not None and found.p < 0.05
    assert 0.035 < called / runs < 0.065


def test_together_is_the_procedure_of_benjamini_and_hochberg() -> None:
    # Their own example, 1995, section 4: of fifteen the first four are called at 0.05.
    ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    ps += [0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    qs = together(ps)
    assert [q is not None and q <= 0.05 for q in qs] == [True] * 4 + [False] * 11
    assert qs[3] == pytest.approx(0.0095 * 15 / 4)
    # The sixth is no better than what a later one allows.
    assert qs[5] == pytest.approx(0.0298 * 15 / 7)
    assert together([None, 0.03, None, 0.01]) == [None, 0.03, None, 0.02]
    assert together([]) == []
