"""Who is told of what was written, once it is durable: monitoring; never a part of the act."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daytwo.record.ledger.envelope import Recorded

    Watcher = Callable[[Sequence[Recorded], float], None]

log = logging.getLogger(__name__)
_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Tell this one too, of every command from now on: its events, and the seconds it took."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def tell(events: Sequence[Recorded], seconds: float) -> None:
    """Tell all; what goes wrong with one is logged, for the act stands already."""
    for watcher in _watchers:
        try:
            watcher(events, seconds)
        except Exception:
            log.exception("A watcher of the ledger failed; the act stands.")
