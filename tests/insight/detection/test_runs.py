"""The run rules agree with R's qcc on published data and with the rules' own wording."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest

from daytwo.insight.detection.runs import NELSON, RULES, WESTERN_ELECTRIC, violations

if TYPE_CHECKING:
    from pathlib import Path


def pistonring_means(spc: Path) -> list[float]:
    """Return the mean diameter (mm) of each of the 40 samples of 5."""
    lines = (spc / "pistonrings.txt").read_text().splitlines()[1:]
    diameters = [float(line.split()[0]) for line in lines]
    return [math.fsum(diameters[i : i + 5]) / 5 for i in range(0, len(diameters), 5)]


@pytest.mark.parametrize(
    ("family", "names"), [("western_electric", WESTERN_ELECTRIC), ("nelson", NELSON)]
)
def test_rules_mark_pistonrings_as_qcc_does(
    reference: Path, family: str, names: tuple[str, ...]
) -> None:
    spc = reference / "spc"
    known = json.loads((spc / "expected_limits_and_rules.json").read_text())["pistonrings"]
    chart = known["pistonrings_xbar"]
    sigma = chart["std_dev"][0] / math.sqrt(5)
    found = violations(pistonring_means(spc), chart["center"][0], sigma, names)
    ours = {name.rsplit("-", 1)[1]: [i + 1 for i in at] for name, at in found.items()}
    assert ours == chart[family]


@pytest.mark.parametrize(
    ("rule", "values", "marked"),
    [
        ("nelson-1", [0, 3, 3.01, -3.01], (2, 3)),
        ("nelson-2", [0.1] * 9, (8,)),
        ("nelson-2", [0.1] * 8 + [0.0], ()),
        ("western-electric-4", [-0.1] * 9, (7, 8)),
        ("nelson-3", [0, 1, 2, 3, 4, 5], (5,)),
        ("nelson-3", [0, 1, 2, 3, 4, 4], ()),
        ("nelson-3", [6, 5, 4, 3, 2, 1, 0], (5, 6)),
        ("nelson-4", [0, 1] * 7, (13,)),
        ("nelson-4", [0, 1] * 6 + [0], ()),
        ("nelson-4", [0, 1] * 5 + [1, 0] * 2, ()),
        ("nelson-5", [2.1, 0, 2.1], (2,)),
        ("nelson-5", [2.1, 2.1, 0], (1,)),
        ("nelson-5", [2.1, -2.1, 0], ()),
        ("nelson-6", [1.1, 1.1, -5, 1.1, 1.1, 0], (4,)),
        ("nelson-7", [0.5, -0.5] * 7 + [0.5], (14,)),
        ("nelson-7", [0.5, -0.5] * 7 + [1.0], ()),
        ("nelson-8", [1.5, -1.5] * 4, (7,)),
        ("nelson-8", [1.5, -1.5] * 3 + [1.5, 0.5], ()),
    ],
)
def test_rule_marks_the_point_that_completes_its_pattern(
    rule: str, values: list[float], marked: tuple[int, ...]
) -> None:
    assert violations(values, 0.0, 1.0, [rule]) == {rule: marked}


@pytest.mark.parametrize("length", range(4))
def test_rules_take_series_that_are_too_short(length: int) -> None:
    assert all(not at for at in violations([1.0] * length, 1.0, 1.0, [*RULES]).values())


def test_zero_sigma_marks_only_what_differs() -> None:
    found = violations([5.0] * 20 + [5.5], 5.0, 0.0, [*RULES])
    assert found["nelson-1"] == found["western-electric-1"] == (20,)
    assert not any(at for rule, at in found.items() if not rule.endswith("-1"))
