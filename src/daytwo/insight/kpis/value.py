"""A KPI's answer, and its contract for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.kpis.cohort import Period
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.survival import Survival


@dataclass(frozen=True, slots=True)
class KpiValue:
    """A KPI's answer; `value` is None ("unknown") when nothing counts.

    Attributes:
        definition: Which definition, which version.
        value: In the definition's unit: a median, share, rate or ratio.
        n: What the value rests on; `counted` but for rates, where it is what has an exposure.
        coverage: Counted over counted plus those left out because the record lacks something;
            None for 0/0.
        interval: 95 % interval; of a median only from the minimum n on.
        p90: 90th percentile by nearest rank; None but for medians.
        counted: Subjects that count.
        open: Subjects whose stop event has not come; None in a trend, where it is not asked.
        excluded: (reason, how many), the most frequent first.
        undated: Left out of every period because no time of theirs is known.
        numerator: Sum behind a share, rate or ratio; None for medians.
        denominator: Likewise.
        survival: Kaplan-Meier with the open ones in it; None when none is open.
        group: Values of the dimensions asked for.
        period: The span, microseconds UTC.
        as_of_us: When open subjects were as old as they are said to be.
        withheld: Why the value is not shown, such as too few persons; empty when it is.
    """

    definition: Definition
    value: float | None
    n: int
    coverage: float | None
    interval: tuple[float, float] | None
    p90: float | None
    counted: int
    open: int | None
    excluded: tuple[tuple[str, int], ...]
    undated: int
    numerator: float | None
    denominator: float | None
    survival: Survival | None
    group: Mapping[str, str | None]
    period: Period
    as_of_us: int
    withheld: str = ""

    @property
    def subjects(self) -> int:
        """Everything that belongs to the answer: counted, open and left out."""
        return self.counted + (self.open or 0) + sum(n for _, n in self.excluded)

    @property
    def enough(self) -> bool:
        """Whether the definition's minimum n is reached."""
        return self.n >= self.definition.minimum_n

    def as_json(self) -> dict[str, Any]:
        """Return the answer's contract: id, version, value, unit, n, coverage, interval, more."""
        return {
            "id": self.definition.id,
            "version": self.definition.version,
            "name": self.definition.name,
            "value": self.value,
            "unit": self.definition.unit,
            "n": self.n,
            "coverage": self.coverage,
            "interval": list(self.interval) if self.interval else None,
            "p90": self.p90,
            "open": self.open,
            "excluded": [{"why": why, "n": n} for why, n in self.excluded],
            "counted": self.counted,
            "subjects": self.subjects,
            "undated": self.undated,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "censored": self._censored(),
            "minimum_n": self.definition.minimum_n,
            "enough": self.enough,
            "withheld": self.withheld,
            "group": dict(self.group),
            "period": {"since_us": self.period.since_us, "until_us": self.period.until_us},
            "as_of_us": self.as_of_us,
        }

    def _censored(self) -> dict[str, Any] | None:
        """Return the median with the open ones in it, by Kaplan-Meier."""
        if self.survival is None:
            return None
        return {"median": self.survival.median, "interval": list(self.survival.interval)}
