"""The detectors of the house, by name: found by folder, duplicates refused."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

from daytwo.insight.detection import detectors
from daytwo.kernel.errors import Fault, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Observation:
    """One value in time order.

    Attributes:
        label: What it belongs to, such as the batch number.
        value: The value in the series' unit; None where it is missing.
    """

    label: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Signal:
    """A detector's word about one observation: advice, it decides nothing.

    Attributes:
        index: Position in the series that was given, from 0, missing values counted.
        label: The observation's label.
        value: The observation's value, in the series' unit.
        rule: Stable name of the rule that fired, such as `nelson-1`.
        why: The rule in a sentence.
    """

    index: int
    label: str
    value: float
    rule: str
    why: str


class Detect(Protocol):
    """The function that every detector module decorates."""

    def __call__(
        self, series: Sequence[Observation], *, baseline: int | None = None
    ) -> tuple[Signal, ...]:
        """Judge a series.

        Args:
            series: Observations in time order, of one unit.
            baseline: How many observations from the start set what is normal; None for all of
                them (a retrospective view). With a fixed baseline a signal never depends on what
                came after it.

        Returns:
            Signals in time order, then by rule.
        """


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector as the catalogue shows it.

    Attributes:
        name: Stable name, the module's own.
        version: Raised when its figures change.
        title: What people call it.
        references: Clause, book or paper that it follows.
        detect: The function.
    """

    name: str
    version: int
    title: str
    references: tuple[str, ...]
    detect: Detect


_DETECTORS: dict[str, Detector] = {}


def detector(
    name: str, *, version: int, title: str, references: tuple[str, ...]
) -> Callable[[Detect], Detect]:
    """Register the function below it as a detector.

    Raises:
        Fault: The name is taken by another function, or no reference is given.
    """

    def register(detect: Detect) -> Detect:
        if not references:
            raise Fault("detection.references", f"Detector {name!r} names no reference.")
        known = _DETECTORS.get(name)
        if known is not None and _origin(known.detect) != _origin(detect):
            raise Fault("detection.duplicate", f"Two detectors are named {name!r}.")
        _DETECTORS[name] = Detector(name, version, title, references, detect)
        return detect

    return register


def discover() -> Mapping[str, Detector]:
    """Import every module under `detectors` and return the detectors by name, sorted."""
    _load()
    return {name: _DETECTORS[name] for name in sorted(_DETECTORS)}


@cache
def _load() -> None:
    """Import what lies in the folder; it stays as it is while a process runs."""
    for module in pkgutil.iter_modules(detectors.__path__, f"{detectors.__name__}."):
        importlib.import_module(module.name)


def named(name: str) -> Detector:
    """Return one detector.

    Raises:
        Unknown: No detector has that name; `info` lists those there are.
    """
    found = discover()
    if name not in found:
        raise Unknown("detection.unknown", f"No detector is named {name!r}.", {"known": [*found]})
    return found[name]


def _origin(function: object) -> tuple[object, object]:
    return getattr(function, "__module__", None), getattr(function, "__qualname__", None)
