"""Events of corrective and preventive actions (ICH Q10 §3.2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.kernel.clock import Day
from daytwo.record.ledger.catalogue import event


@event("quality.capa.opened", stream="capa/{capa_id}", key=("capa_id",))
@dataclass(frozen=True, slots=True)
class CapaOpened:
    """An action was decided.

    Attributes:
        capa_id: Its number.
        deviation_id: The deviation that asked for it; empty where none did.
        action: What is to be done.
        owner: Who does it.
        due_on: First promised date, ISO; None when none was promised.
    """

    capa_id: str
    deviation_id: str = ""
    action: str = ""
    owner: str = ""
    due_on: Day | None = None


@event("quality.capa.effectiveness_planned", stream="capa/{capa_id}", key=("capa_id",))
@dataclass(frozen=True, slots=True)
class EffectivenessPlanned:
    """How its effect will be judged, stated before it is taken (K13).

    Attributes:
        capa_id: The action.
        metric: What is measured.
        baseline: Its value before, as written.
        target: What it must reach, as written.
        horizon_days: How long after the action it is judged.
    """

    capa_id: str
    metric: str = ""
    baseline: str = ""
    target: str = ""
    horizon_days: int = 0


@event("quality.capa.effectiveness_evaluated", stream="capa/{capa_id}", key=("capa_id",))
@dataclass(frozen=True, slots=True)
class EffectivenessEvaluated:
    """The verdict that people gave: `effective` or `not_effective`; recomputed by insight."""

    capa_id: str
    verdict: str


@event("quality.capa.due_date_moved", stream="capa/{capa_id}")
@dataclass(frozen=True, slots=True)
class CapaDueDateMoved:
    """The date was moved; the first one stays the one that counts (K14)."""

    capa_id: str
    due_on: Day
    previous: Day | None = None


@event("quality.capa.closed", stream="capa/{capa_id}", key=("capa_id",))
@dataclass(frozen=True, slots=True)
class CapaClosed:
    """The action was taken and closed."""

    capa_id: str
