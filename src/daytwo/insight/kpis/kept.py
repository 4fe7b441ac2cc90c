"""Readings kept while the ledger does not move: a page asked again costs no second computation."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakKeyDictionary

from django.conf import settings

from daytwo.insight.kpis.calendar import us
from daytwo.insight.kpis.subjects import MINUTE_US, Facts
from daytwo.kernel.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from daytwo.insight.facts.snapshot import Snapshot

Answer = TypeVar("Answer")

GRAIN_US = 5 * MINUTE_US
"""How old the ages of open things may be in an answer."""
MOST = 200
"""Answers kept for one state of the ledger."""

_answers: WeakKeyDictionary[Snapshot, dict[tuple[Any, ...], Any]] = WeakKeyDictionary()
_guard = threading.Lock()


def kept(reading: Callable[..., Answer], *args: Any) -> Answer:
    """Return a reading of the present facts, made once for each state of the ledger.

    Args:
        reading: Called with the facts and `args`; what it returns is shared, so nobody changes it.
        *args: Told apart by how they are written (`repr`).
    """
    from daytwo.insight.facts.engine.live import over  # noqa: PLC0415 - loads the engine
    from daytwo.insight.facts.follow import current  # noqa: PLC0415 - likewise

    snapshot, instant = current(), us(now())
    key = (reading.__module__, reading.__qualname__, repr(args), instant // GRAIN_US)
    with _guard:
        answers = _answers.setdefault(snapshot, {})
        if key in answers:
            return cast("Answer", answers[key])
    made = reading(Facts(over(snapshot), instant, settings.SITE_TIME_ZONE), *args)
    with _guard:
        while len(answers) >= MOST:
            answers.pop(next(iter(answers)))
        answers[key] = made
    return made
