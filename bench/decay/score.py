"""Sensitivity, delay and false alarms of a rule over many plants."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bench.decay.plants import Planted
from daytwo.insight.detection.decay import MEASURES
from daytwo.insight.detection.worsening import LEAST
from daytwo.insight.kpis.subjects import DAY_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.decay.rules import Looks

MONTH_US = 365.25 / 12 * DAY_US
UNPLANTED = ("K33",)
"""Measures into which nothing is ever planted: what is called of them is called falsely."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One plant as a rule saw it.

    Attributes:
        planted: What was planted.
        starts: First instant of each month, microseconds UTC, and of the one under way.
        began_us: When decay began; the end of the last month where none was planted.
        looks: What was called at the end of each month.
    """

    planted: Planted
    starts: Sequence[int]
    began_us: int
    looks: Looks

    @property
    def site_years(self) -> float:
        """Years in which nothing had begun."""
        return (self.began_us - self.starts[0]) / MONTH_US / 12

    def found(self, kpi_id: str) -> bool:
        """Tell whether a measure is called at the last look."""
        return kpi_id in self.looks[-1]

    def delay(self, kpi_id: str) -> float:
        """Return the months from the beginning to the first call after it; infinite for never."""
        for end, called in zip(self.starts[1:], self.looks, strict=True):
            if end > self.began_us and kpi_id in called:
                return (end - self.began_us) / MONTH_US
        return math.inf

    def alarms(self, kpi_id: str) -> int:
        """Return how often a measure began to be called before anything had begun."""
        told, before = 0, False
        for end, called in zip(self.starts[1:], self.looks, strict=True):
            if end > self.began_us:
                break
            told += kpi_id in called and not before
            before = kpi_id in called
        return told


def table(rule: str, seen: Sequence[Seen]) -> str:
    """Return the table of one rule, as Markdown."""
    of = {planted: [s for s in seen if s.planted is planted] for planted in Planted}
    idle = of[Planted.NOTHING] + of[Planted.SUDDEN]
    years = math.fsum(s.site_years for s in idle)
    lines = [
        f"{rule}: {len(of[Planted.NOTHING])} plants of each kind",
        "",
        "| Measure | Creeping: found | months | Sudden: found | months | False a site-year |",
        "|---|---|---|---|---|---|",
    ]
    for kpi_id in MEASURES:
        cells = [
            cell
            for planted in (Planted.CREEPING, Planted.SUDDEN)
            for cell in _cells(of[planted], kpi_id)
        ]
        alarms = sum(s.alarms(kpi_id) for s in idle) / years
        lines.append(f"| {kpi_id} | {' | '.join(cells)} | {alarms:.3f} |")
    planted = [k for k in MEASURES if k not in UNPLANTED]
    shares = [
        f"{sum(s.found(k) for s in of[kind] for k in planted) / (len(of[kind]) * len(planted)):.0%}"
        for kind in (Planted.CREEPING, Planted.SUDDEN)
    ]
    alarms = sum(s.alarms(k) for s in idle for k in MEASURES) / years
    lines.append(f"| all planted | {shares[0]} | | {shares[1]} | | {alarms:.3f} |")
    looks = [called for s in of[Planted.NOTHING] for called in s.looks[LEAST - 1 :]]
    falsely = sum(bool(called) for called in looks)
    last = sum(bool(s.looks[-1]) for s in of[Planted.NOTHING])
    idly = (
        f"Nothing planted: {falsely} of {len(looks)} looks from month {LEAST} on call anything"
        f" ({falsely / len(looks):.1%}), {last} of {len(of[Planted.NOTHING])} at the last look;"
        f" {years:.0f} site-years without decay."
    )
    lines += ["", idly]
    return "\n".join(lines)


def _cells(seen: Sequence[Seen], kpi_id: str) -> tuple[str, str]:
    found = sum(s.found(kpi_id) for s in seen) / len(seen)
    delay = median(s.delay(kpi_id) for s in seen)
    return f"{found:.0%}", "never" if math.isinf(delay) else f"{delay:.0f}"
