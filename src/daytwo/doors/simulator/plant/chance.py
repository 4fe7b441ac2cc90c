"""Independent streams of chance by name, so that one more process disturbs no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Chance:
    """A tree of numpy generators; the same seed and name always give the same stream.

    `SeedSequence.spawn` numbers its children, so a new child in the middle would shift the
    others. Here the child's key is made of its name.
    """

    def __init__(self, seed: int) -> None:
        """Take the seed of the whole plant."""
        self.seed = seed

    def stream(self, *names: str | int) -> Draw:
        """Return the stream of a thing, for instance `("batch", "B-001")`."""
        key = tuple(crc32(str(name).encode()) for name in names)
        sequence = np.random.SeedSequence(self.seed, spawn_key=key)
        return Draw(np.random.Generator(np.random.PCG64(sequence)))


class Draw:
    """Draws of one stream, as plain Python numbers."""

    def __init__(self, generator: np.random.Generator) -> None:
        """Take the generator."""
        self.generator = generator

    def happens(self, probability: float) -> bool:
        """Return true with a probability; one number is drawn whatever it is."""
        return float(self.generator.random()) < probability

    def between(self, low: float, high: float) -> float:
        """Return a number of a uniform distribution."""
        return low + (high - low) * float(self.generator.random())

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.generator.random() * (high - low + 1))

    def normal(self, mean: float, deviation: float) -> float:
        """Return a number of a normal distribution."""
        return mean + deviation * float(self.generator.standard_normal())

    def skewed(self, median: float, sigma: float) -> float:
        """Return a number of a lognormal distribution, given by its median and log deviation."""
        return median * float(np.exp(sigma * self.generator.standard_normal()))

    def waiting(self, mean: float) -> float:
        """Return a number of an exponential distribution."""
        return mean * float(self.generator.standard_exponential())

    def pick(self, things: Sequence[T]) -> T:
        """Return one of several things, each as likely."""
        return things[self.whole(0, len(things) - 1)]

    def weighted(self, weights: list[float]) -> int:
        """Return an index, as likely as its weight."""
        at = float(self.generator.random()) * sum(weights)
        for index, weight in enumerate(weights):
            at -= weight
            if at < 0:
                return index
        return len(weights) - 1

    def count(self, mean: float) -> int:
        """Return a number of a Poisson distribution."""
        return int(self.generator.poisson(mean))
