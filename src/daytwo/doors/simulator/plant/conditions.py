"""What changes over the period: decay after go-live, improvements, effective CAPAs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.plant.calendar import DAY, WEEK
from daytwo.doors.simulator.plant.recipes import planted

if TYPE_CHECKING:
    from daytwo.doors.simulator.parameters.shape import Parameters

MONTH = 365.25 / 12 * DAY
MOST = 0.6
"""No rate of decay grows beyond this share."""


class Conditions:
    """Rates and factors at a moment."""

    def __init__(self, parameters: Parameters) -> None:
        """Place the planted improvements in the period."""
        self.end = parameters.weeks * WEEK
        self.month = MONTH
        self._decay = parameters.decay
        self.improvements: list[dict[str, Any]] = [
            entry | {"t": self.moment(entry["at"])} for entry in planted()["improvements"]
        ]
        self._residuals: dict[str, list[tuple[int, float]]] = {}

    def moment(self, part: float) -> int:
        """Return the Monday 06:00 of the week in which a part of the period has passed."""
        return int(part * self.end) // WEEK * WEEK + 6 * 3600

    def rate(self, name: str, t: int) -> float:
        """Return a rate of decay (`manual`, `late`, `paper`, `override`, `not_applicable`)."""
        base: float = getattr(self._decay, f"{name}_rate")
        growth: float = getattr(self._decay, f"{name}_monthly")
        return min(base * (1 + growth) ** (t / MONTH), max(base, MOST))

    def answer_days(self, t: int) -> float:
        """Return the median days until feedback is answered."""
        return self._decay.answer_days * (1 + self._decay.answer_monthly) ** (t / MONTH)

    def factor(self, lever: str, scope: str, t: int) -> float:
        """Return what the improvements in force make of a lever for a line."""
        result = 1.0
        for entry in self.improvements:
            if entry["lever"] == lever and t >= entry["t"] and entry["scope"] in {"", scope}:
                result *= entry["factor"]
        return result

    def relieve(self, cause: str, t: int, residual: float) -> None:
        """Lower the rate of a root cause from a moment on."""
        self._residuals.setdefault(cause, []).append((t, residual))

    def residual(self, cause: str, t: int) -> float:
        """Return what is left of a root cause's rate; a second remedy adds nothing to the first."""
        factors = [factor for since, factor in self._residuals.get(cause, ()) if t >= since]
        return min(factors, default=1.0)
