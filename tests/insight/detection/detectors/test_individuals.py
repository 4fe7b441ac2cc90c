"""The individuals chart's figures equal the published ones, and are unknown where they must be."""

from __future__ import annotations

import csv
import json
import math
from typing import TYPE_CHECKING

import pytest

from daytwo.insight.detection.detectors.individuals import individuals_chart
from daytwo.insight.detection.registry import Observation

if TYPE_CHECKING:
    from pathlib import Path


def observations(*values: float | None) -> list[Observation]:
    """Label values A, B, C..."""
    return [Observation(chr(65 + i), value) for i, value in enumerate(values)]


def test_chart_of_dissolution_equals_the_published_limits(reference: Path) -> None:
    known = json.loads((reference / "spc" / "expected_limits_and_rules.json").read_text())
    expected = known["tablets"]["code3_dissolution_av_I_chart"]
    with (reference / "tablets" / "Laboratory.csv").open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter=";") if row["code"] == "3"]
    chart = individuals_chart(
        [Observation(row["batch"], float(row["dissolution_av"])) for row in rows]
    )
    assert chart.n == expected["n"][0]
    assert chart.centre == pytest.approx(expected["center"][0], abs=1e-9)
    assert chart.sigma == pytest.approx(expected["std_dev"][0], abs=1e-9)
    assert chart.lower == pytest.approx(expected["LCL"][0], abs=1e-8)
    assert chart.upper == pytest.approx(expected["UCL"][0], abs=1e-8)
    assert not any(point.flags for point in chart.points)


def test_chart_of_a_hand_computed_series() -> None:
    chart = individuals_chart(observations(10, 12, 11, 13))
    assert chart.centre == 11.5
    assert chart.sigma == pytest.approx((2 + 1 + 2) / 3 / 1.128)
    assert chart.moving_range.centre == pytest.approx(5 / 3)
    assert chart.moving_range.upper == pytest.approx(3.267 * 5 / 3)
    assert [point.value for point in chart.moving_range.points] == [2, 1, 2]
    assert [point.label for point in chart.moving_range.points] == ["B", "C", "D"]


def test_chart_leaves_missing_values_out_and_says_so() -> None:
    chart = individuals_chart(observations(10, None, 12, math.nan))
    assert [(gap.label, gap.why) for gap in chart.excluded] == [
        ("B", "missing"),
        ("D", "not a number that a chart can hold"),
    ]
    assert [point.label for point in chart.points] == ["A", "C"]
    assert [point.value for point in chart.moving_range.points] == [2]
    assert chart.n == 2


def test_chart_takes_limits_from_the_baseline_only() -> None:
    chart = individuals_chart(observations(10, 12, 10, 12, 50), baseline=4)
    assert chart.centre == 11
    assert chart.baseline_n == 4
    assert chart.n == 5
    assert chart.points[-1].flags[0] == "nelson-1"
    assert chart.moving_range.points[-1].flags == ("beyond-upper",)


@pytest.mark.parametrize("values", [(), (None,)])
def test_chart_without_values_is_unknown(values: tuple[None, ...]) -> None:
    chart = individuals_chart(observations(*values))
    assert (chart.centre, chart.sigma, chart.lower, chart.upper, chart.n) == (None,) * 4 + (0,)


def test_chart_of_one_value_has_a_centre_and_no_limits() -> None:
    chart = individuals_chart(observations(7))
    assert (chart.centre, chart.sigma, chart.lower, chart.upper) == (7, None, None, None)
