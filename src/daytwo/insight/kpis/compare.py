"""Is one figure other than another: the difference, its interval, and what is beyond noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.value import KpiValue


class Verdict(StrEnum):
    """What a difference says."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    NOTHING_SHOWN = "nothing shown"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure set against another, in the definition's unit.

    Attributes:
        against: The other value; None when unknown.
        difference: This minus the other; None when either is unknown.
        interval: 95 % interval of the difference; None when either has none.
        beyond_noise: The part of the difference that its interval leaves, with its sign; 0 when
            the interval holds no difference; None without an interval.
        verdict: Better or worse only when something is beyond noise.
        why: Why nothing can be said; empty when something can.
    """

    against: float | None
    difference: float | None
    interval: tuple[float, float] | None
    beyond_noise: float | None
    verdict: Verdict
    why: str = ""


def against_value(now: KpiValue, before: KpiValue) -> Comparison:
    """Compare a figure with another one of the same KPI, such as that of an earlier period.

    The difference's interval is put together from the two figures' own, each side from the limits
    that lie on it, so that skewed intervals keep their skew.

    References:
        Zou & Donner, Statistics in Medicine 27 (2008) 1693 (method of variance estimates
        recovery); for shares it is Newcombe, Statistics in Medicine 17 (1998) 873, method 10.
    """
    if now.value is None or before.value is None:
        return Comparison(before.value, None, None, None, Verdict.UNKNOWN, "a figure is unknown")
    difference = now.value - before.value
    for found in (now, before):
        if not found.enough or found.interval is None:
            why = f"n {found.n} is below {found.definition.minimum_n}"
            if found.enough:
                why = "no interval can be stated"
            return Comparison(before.value, difference, None, None, Verdict.UNKNOWN, why)
    interval = _interval(now, before)
    return _judged(now.definition, before.value, difference, interval)


def against_frozen(
    now: KpiValue, value: float | None, interval: tuple[float, float] | None
) -> Comparison:
    """Compare a figure with one that was frozen: a value with its interval, of the same version.

    Args:
        now: The figure.
        value: That was frozen.
        interval: At 95 %; None where none could be stated.
    """
    if now.value is None or value is None:
        return Comparison(value, None, None, None, Verdict.UNKNOWN, "a figure is unknown")
    difference = now.value - value
    if not now.enough:
        why = f"n {now.n} is below {now.definition.minimum_n}"
        return Comparison(value, difference, None, None, Verdict.UNKNOWN, why)
    if now.interval is None or interval is None:
        why = "no interval can be stated"
        return Comparison(value, difference, None, None, Verdict.UNKNOWN, why)
    ends = _between(now.value, now.interval, value, interval)
    return _judged(now.definition, value, difference, ends)


def against_number(now: KpiValue, number: float) -> Comparison:
    """Compare a figure with a number that has no noise of its own, such as a target."""
    if now.value is None:
        return Comparison(number, None, None, None, Verdict.UNKNOWN, "the figure is unknown")
    difference = now.value - number
    if now.interval is None or not now.enough:
        why = f"n {now.n} is below {now.definition.minimum_n}"
        return Comparison(number, difference, None, None, Verdict.UNKNOWN, why)
    interval = (now.interval[0] - number, now.interval[1] - number)
    return _judged(now.definition, number, difference, interval)


def direction(of: Definition) -> int:
    """Return -1 when lower is better, 1 when higher is, 0 when the definition takes no side."""
    return {"lower": -1, "higher": 1}.get(of.trend.partition(" ")[0], 0)


def _interval(now: KpiValue, before: KpiValue) -> tuple[float, float]:
    assert now.value is not None and before.value is not None  # noqa: S101, PT018 - asked before
    assert now.interval is not None and before.interval is not None  # noqa: S101, PT018 - likewise
    return _between(now.value, now.interval, before.value, before.interval)


def _between(
    now: float, now_in: tuple[float, float], before: float, before_in: tuple[float, float]
) -> tuple[float, float]:
    difference = now - before
    low = math.hypot(now - now_in[0], before_in[1] - before)
    high = math.hypot(now_in[1] - now, before - before_in[0])
    return difference - low, difference + high


def _judged(
    of: Definition, against: float, difference: float, interval: tuple[float, float]
) -> Comparison:
    low, high = interval
    beyond = low if low > 0 else high if high < 0 else 0.0
    if not beyond:
        return Comparison(against, difference, interval, 0.0, Verdict.NOTHING_SHOWN)
    side = direction(of)
    better = (beyond > 0) == (side > 0)
    verdict = Verdict.CHANGED if not side else Verdict.BETTER if better else Verdict.WORSE
    return Comparison(against, difference, interval, beyond, verdict)
