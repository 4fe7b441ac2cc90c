"""An answer that stands: made once for a state of the ledger, and shown while a newer one is made.

Fifty people on a page cost one computation. Whoever comes while it goes on waits a moment for it,
and is else told the answer before, with the ledger number that it is of.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.conf import settings

from daytwo.insight.kpis.calendar import us
from daytwo.insight.kpis.subjects import MINUTE_US, Facts
from daytwo.kernel.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from daytwo.insight.facts.snapshot import Snapshot

Made = TypeVar("Made")
Shown = TypeVar("Shown")

GRAIN_US = 5 * MINUTE_US
"""How old the ages of open things may be in an answer."""
PATIENCE_S = 0.05
"""How long a reader waits for a newer answer when there is one from before."""
REST = 4
"""After an answer as many times as long as it took goes by before a newer one is begun: while the
ledger moves all the time, a question takes a fifth of a processor at the most."""
REST_MOST_S = 2.0
"""The longest such rest: the first answer of a process takes long, and others not."""
MOST = 256
"""Answers kept; those asked for last. A reader of every page asks for some forty."""


@dataclass(frozen=True, slots=True)
class Standing(Generic[Made]):
    """An answer and what it is of.

    Attributes:
        value: The answer; shared, so nobody changes it.
        seq: Number of the last event in it.
        last_seq: Number of the last event there is.
        as_of_us: When it was made, microseconds UTC.
        shown: What was made of it for its readers, by `once`.
    """

    value: Made
    seq: int
    last_seq: int
    as_of_us: int
    shown: dict[Hashable, Future[Any]] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: Hashable, make: Callable[[], Shown]) -> Shown:
        """Return what is made of this answer, such as its part of a page: once for all its readers.

        It goes when the answer goes.

        Args:
            key: All that it depends on besides the answer.
            make: Makes it; whoever asks meanwhile waits.

        Raises:
            Exception: What making it raises; the next reader tries again.
        """
        mine: Future[Shown] = Future()
        found: Future[Shown] = self.shown.setdefault(key, mine)
        if found is mine:
            try:
                mine.set_result(make())
            except BaseException as error:  # noqa: BLE001 - raised below, for all who wait
                del self.shown[key]
                mine.set_exception(error)
        return found.result()

    @property
    def fresh(self) -> bool:
        """Whether every event there is, is in it."""
        return self.seq == self.last_seq


@dataclass(slots=True)
class _Entry:
    """One question: its last answer, and the work on a newer one."""

    state: Hashable = None
    made: Standing[Any] | None = None
    rested_at: float = 0.0
    work: Future[Any] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_entries: OrderedDict[tuple[str, ...], _Entry] = OrderedDict()
_guard = threading.Lock()
_worker = ThreadPoolExecutor(max_workers=2, thread_name_prefix="figures")


def standing(
    reading: Callable[..., Made], *args: Any, patience_s: float | None = None
) -> Standing[Made]:
    """Return a reading of the facts, of now or, while that is being made, of a moment before.

    Args:
        reading: Called with the facts and `args`.
        *args: Told apart by how they are written (`repr`).
        patience_s: Seconds to wait for a newer answer, also where none is begun yet; unless
            said `PATIENCE_S`, and not while the question rests.

    Raises:
        Exception: What the reading raises.
    """
    from daytwo.insight.facts.follow import current, folder  # noqa: PLC0415 - loads the engine

    snapshot, instant = current(), us(now())
    key = (str(folder()), reading.__module__, reading.__qualname__, repr(args))
    state = (id(snapshot), snapshot.seq, instant // GRAIN_US)
    entry = _entry(key)
    with entry.lock:
        if entry.made is not None and entry.state == state:
            return replace(entry.made, last_seq=snapshot.seq)
        if entry.work is None and entry.made is not None and _rests(entry, patience_s):
            return replace(entry.made, last_seq=snapshot.seq)
        if entry.work is None:
            entry.work = _worker.submit(_make, entry, state, snapshot, instant, reading, args)
        work, before = entry.work, entry.made
    patience = PATIENCE_S if patience_s is None else patience_s
    try:
        made = work.result(patience if before is not None else None)
    except TimeoutError:
        made = before
    return replace(made, last_seq=snapshot.seq)


def whole(reading: Callable[..., Made], *args: Any) -> Standing[Made]:
    """Return a reading with every event in it that is committed now, however long that takes.

    Args:
        reading: Called with the facts and `args`.
        *args: Told apart by how they are written (`repr`).

    Raises:
        Exception: What the reading raises.
    """
    from daytwo.insight.facts.follow import current  # noqa: PLC0415 - loads the engine

    least = current().seq
    while True:
        found = standing(reading, *args, patience_s=threading.TIMEOUT_MAX)
        # What was under way may be of an earlier state; what is begun after it is not.
        if found.seq >= least:
            return found


def _rests(entry: _Entry, patience_s: float | None) -> bool:
    """Say whether no newer answer is begun yet, for a reader who does not insist on one."""
    return not patience_s and monotonic() < entry.rested_at


def _entry(key: tuple[str, ...]) -> _Entry:
    with _guard:
        entry = _entries.setdefault(key, _Entry())
        _entries.move_to_end(key)
        while len(_entries) > MOST:
            _entries.popitem(last=False)
        return entry


def _make(
    entry: _Entry,
    state: Hashable,
    snapshot: Snapshot,
    instant: int,
    reading: Callable[..., Any],
    args: tuple[Any, ...],
) -> Standing[Any]:
    """Make an answer from a state of the facts; asks no database."""
    from daytwo.insight.facts.engine.live import over  # noqa: PLC0415 - loads the engine

    begun = monotonic()
    try:
        zone, shifts = settings.SITE_TIME_ZONE, settings.SITE_SHIFTS
        value = reading(Facts(over(snapshot), instant, zone, shifts=shifts), *args)
    except BaseException:
        with entry.lock:
            entry.work = None
        raise
    made = Standing(value, snapshot.seq, snapshot.seq, instant)
    with entry.lock:
        entry.made, entry.state, entry.work = made, state, None
        entry.rested_at = monotonic() + min(REST * (monotonic() - begun), REST_MOST_S)
    return made
