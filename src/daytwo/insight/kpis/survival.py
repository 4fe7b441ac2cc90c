"""Kaplan-Meier: how long things take when some of them have not ended yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daytwo.insight.kpis.intervals import Z

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Survival:
    """The share that has not ended after a time.

    Attributes:
        times: When something ended, ascending, in the durations' unit.
        share: Share still open after each.
        lower: Lower limit of the share, 95 %; NaN where it is not defined.
        upper: Upper limit likewise.
        median: First time after which at most half is open; None while more than half is.
        interval: 95 % interval of the median; an end is None while the limit stays above half.
    """

    times: tuple[float, ...]
    share: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    median: float | None
    interval: tuple[float | None, float | None]


def kaplan_meier(
    durations: Sequence[float], ended: Sequence[bool], weights: Sequence[int] | None = None
) -> Survival:
    """Return the Kaplan-Meier estimate with limits on the log scale, as R's survfit gives them.

    Args:
        durations: How long each took, or has been open so far.
        ended: False for what is still open (censored).
        weights: How many subjects each line stands for; None for one each.

    References:
        Kaplan & Meier, J. Am. Stat. Assoc. 53 (1958) 457; Greenwood (1926) for the
        variance; Brookmeyer & Crowley, Biometrics 38 (1982) 29, for the median, on the log scale
        (Therneau & Grambsch, Modeling Survival Data, §2.2).
    """
    times, events, at_risk = _table(durations, ended, weights)
    share = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(at_risk > events, events / (at_risk * (at_risk - events)), np.inf)
        spread = Z * np.sqrt(np.cumsum(terms))
        lower, upper = share * np.exp(-spread), np.minimum(1.0, share * np.exp(spread))
    none_left = share <= 0
    lower, upper = (np.where(none_left, np.nan, limit) for limit in (lower, upper))
    return Survival(
        times=tuple(times.tolist()),
        share=tuple(share.tolist()),
        lower=tuple(lower.tolist()),
        upper=tuple(upper.tolist()),
        median=_crossing(times, share),
        interval=(_crossing(times, lower), _crossing(times, upper)),
    )


def _table(
    durations: Sequence[float], ended: Sequence[bool], weights: Sequence[int] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the times at which something ended, how much ended, how much was open before."""
    lengths = np.asarray(durations, dtype=np.float64)
    happened = np.asarray(ended, dtype=np.bool_)
    weight = np.ones(lengths.size) if weights is None else np.asarray(weights, dtype=np.float64)
    times, place = np.unique(lengths, return_inverse=True)
    leaving = np.bincount(place, weights=weight, minlength=times.size).astype(np.float64)
    gone = weight * happened
    events = np.bincount(place, weights=gone, minlength=times.size).astype(np.float64)
    at_risk = np.cumsum(leaving[::-1])[::-1]
    kept = events > 0
    return times[kept], events[kept], at_risk[kept]


def _crossing(times: NDArray[np.floating], share: NDArray[np.floating]) -> float | None:
    # A rounding error of a product must not move the median by a whole step.
    below = np.flatnonzero(share <= _HALF + 1e-12)
    return float(times[below[0]]) if below.size else None
