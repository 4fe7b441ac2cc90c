"""The contract that every detector keeps, found by discovery."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from daytwo.insight.detection.registry import Detector, Observation, detector, discover, named
from daytwo.kernel.errors import Fault, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

DETECTORS = discover()
each_detector = pytest.mark.parametrize("found", DETECTORS.values(), ids=DETECTORS)


def series(values: Iterable[float | None]) -> list[Observation]:
    """Label values by their position."""
    return [Observation(f"B-{i}", value) for i, value in enumerate(values)]


def noise(n: int, seed: int = 7) -> list[float]:
    """Return n normal values, mean 100, standard deviation 1."""
    source = random.Random(seed)
    return [source.gauss(100, 1) for _ in range(n)]


def test_discover_finds_the_detectors() -> None:
    assert "individuals" in DETECTORS
    assert [*DETECTORS] == sorted(DETECTORS)


@each_detector
@pytest.mark.parametrize("value", [0.0, 0.1, 1e-9, -7.3, 1e12])
def test_detector_is_silent_on_a_constant(found: Detector, value: float) -> None:
    # At every length: the mean of equal numbers is not always that number in binary.
    for length in range(1, 60):
        assert found.detect(series([value] * length)) == ()
        assert found.detect(series([value] * length), baseline=length // 2 + 1) == ()


@each_detector
@pytest.mark.parametrize("size", [6.0, -6.0])
def test_detector_fires_on_an_injected_shift(found: Detector, size: float) -> None:
    values = noise(40)
    shifted = values[:30] + [value + size for value in values[30:]]
    signals = found.detect(series(shifted), baseline=30)
    assert any(signal.index >= 30 for signal in signals)
    assert min(signal.index for signal in signals if signal.index >= 30) < 34


@each_detector
def test_detector_fires_on_a_shift_after_a_constant(found: Detector) -> None:
    assert found.detect(series([5.0] * 30 + [6.0]), baseline=30)


@each_detector
def test_detector_is_deterministic(found: Detector) -> None:
    given = series(noise(200))
    assert found.detect(given, baseline=50) == found.detect(given, baseline=50)


@each_detector
def test_detector_survives_nulls(found: Detector) -> None:
    values: list[float | None] = [*noise(40)]
    values[3] = values[20] = None
    values[21] = float("nan")
    values[22] = float("inf")
    values[35] = 200.0
    given = series(values)
    signals = found.detect(given, baseline=30)
    assert 35 in {signal.index for signal in signals}
    assert all(given[signal.index].label == signal.label for signal in signals)
    assert {3, 20, 21, 22}.isdisjoint(signal.index for signal in signals)


@each_detector
@pytest.mark.parametrize("values", [[], [None], [1.0], [1.0, 2.0], [None, None, 3.0], [1e308] * 3])
def test_detector_takes_little_or_no_data(found: Detector, values: list[float | None]) -> None:
    assert found.detect(series(values)) == ()


@each_detector
def test_detector_does_not_look_ahead(found: Detector) -> None:
    values = noise(60) + [120.0] * 5
    whole = found.detect(series(values), baseline=25)
    for cut in (30, 45, 62):
        early = found.detect(series(values[:cut]), baseline=25)
        assert early == tuple(signal for signal in whole if signal.index < cut)


@each_detector
def test_detector_is_described(found: Detector) -> None:
    assert found.title
    assert found.references
    assert found.version >= 1
    assert found.detect.__module__.endswith(f".detectors.{found.name}")


def test_detector_names_are_unique() -> None:
    register = detector("individuals", version=1, title="Another", references=("none",))
    with pytest.raises(Fault, match="Two detectors"):
        register(lambda series, *, baseline=None: ())  # noqa: ARG005


def test_detector_without_reference_is_refused() -> None:
    with pytest.raises(Fault, match="no reference"):
        detector("new", version=1, title="New", references=())(lambda series, *, baseline=None: ())  # noqa: ARG005


def test_named_says_which_detectors_there_are() -> None:
    with pytest.raises(Unknown) as refused:
        named("nonsense")
    assert refused.value.info["known"] == [*DETECTORS]
