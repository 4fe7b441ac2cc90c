"""Changes of level: found where they were put, silent where there is none."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from daytwo.insight.detection.change_points import change_points, pettitt

NILE = [
    1120,
    1160,
    963,
    1210,
    1160,
    1160,
    813,
    1230,
    1370,
    1140,
    995,
    935,
    1110,
    994,
    1020,
    960,
    1180,
    799,
    958,
    1140,
    1100,
    1210,
    1150,
    1250,
    1260,
    1220,
    1030,
    1100,
    774,
    840,
    874,
    694,
    940,
    833,
    701,
    916,
    692,
    1020,
    1050,
    969,
    831,
    726,
    456,
    824,
    702,
    1120,
    1100,
    832,
    764,
    821,
    768,
    845,
    864,
    862,
    698,
    845,
    744,
    796,
    1040,
    759,
    781,
    865,
    845,
    944,
    984,
    897,
    822,
    1010,
    771,
    676,
    649,
    846,
    812,
    742,
    801,
    1040,
    860,
    874,
    848,
    890,
    744,
    749,
    838,
    1050,
    918,
    986,
    797,
    923,
    975,
    815,
    1020,
    906,
    901,
    1170,
    912,
    746,
    919,
    718,
    714,
    740,
]
"""Flow of the Nile at Aswan, 1871 to 1970, 1e8 m3: it fell when the dam was begun in 1898."""


def test_the_nile_fell_in_1899():
    """The known change: Cobb, Biometrika 65 (1978) 243. K by its definition, pair by pair."""
    at, p = pettitt(np.array(NILE, dtype=float))
    k = abs(sum((x > y) - (x < y) for x in NILE[:28] for y in NILE[28:]))
    assert (1871 + at, p) == (1899, pytest.approx(2 * math.exp(-6 * k**2 / (100**3 + 100**2))))
    assert 1871 + change_points(NILE)[0].index == 1899


def test_constant_and_noise_are_silent():
    assert change_points([5.0] * 40) == ()
    rng = random.Random(7)
    found = [bool(change_points([rng.gauss(0, 1) for _ in range(40)])) for _ in range(200)]
    assert sum(found) <= 6  # two of a hundred at the level of one test in a hundred


def test_two_shifts_are_both_found_with_their_levels():
    series = [10.0 + n % 3 for n in range(12)] + [20.0 + n % 3 for n in range(12)]
    series += [5.0 + n % 3 for n in range(12)]
    first, second = change_points(series)
    assert (first.index, first.before, first.after) == (12, 11.0, 21.0)
    assert (second.index, second.before, second.after) == (24, 21.0, 6.0)


@pytest.mark.parametrize("few", [[], [1.0], [1.0] * 4 + [9.0] * 4])
def test_too_few_values_say_nothing(few):
    assert change_points(few) == ()


def test_missing_values_keep_the_place():
    series: list[float | None] = [1.0, 2.0, None] * 5 + [11.0, 12.0, None] * 5
    (found,) = change_points(series)
    assert found.index == 15
