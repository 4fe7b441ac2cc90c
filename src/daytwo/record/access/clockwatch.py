"""The clock watch: a jump of the server's time is recorded and raises an alert."""

from __future__ import annotations

import time
from dataclasses import dataclass

from daytwo.kernel.clock import now
from daytwo.kernel.ids import new_id
from daytwo.record.access.events import ClockDrifted
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin

TOLERANCE_MS = 2000
"""How far wall clock and steady counter may part before it counts as a jump."""
_SYSTEM = Actor("system.clock", "Clock watch", "system")


@dataclass(slots=True)
class _Anchor:
    wall: float | None = None
    steady: float = 0.0


_anchor = _Anchor()


def watch_clock() -> int:
    """Compare the wall clock with the steady counter since the last call.

    Returns:
        The drift in ms when it was beyond `TOLERANCE_MS` and has been recorded, else 0.

    References:
        EU GMP Annex 11 §12.4; draft Annex 11 (2025) §12.2: time stamps come from a watched clock.
    """
    wall, steady = now().timestamp(), time.monotonic()
    before = _anchor.wall
    drift = 0.0 if before is None else (wall - before) - (steady - _anchor.steady)
    _anchor.wall, _anchor.steady = wall, steady
    drift_ms = round(drift * 1000)
    if abs(drift_ms) <= TOLERANCE_MS:
        return 0
    intent = Intent(new_id(), "system.record_drift", "", _SYSTEM, Origin("system", "clock"))
    pending = Pending("system/clock", ClockDrifted(drift_ms, "the steady counter"))
    transact(intent, lambda: [pending])
    return drift_ms


def forget_anchor() -> None:
    """Start watching anew, as after a deliberate change of the clock's source (a simulation)."""
    _anchor.wall = None
