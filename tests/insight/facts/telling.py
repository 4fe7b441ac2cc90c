"""Events told to the facts one by one, without a ledger beneath."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from daytwo.insight.facts import follow
from daytwo.insight.facts.declare import BORN, Row
from daytwo.insight.facts.engine.live import over
from daytwo.insight.facts.folding import InMemory, take
from daytwo.insight.facts.happening import EPOCH, micros
from daytwo.insight.facts.registry import by_name
from daytwo.kernel.clock import stamp
from daytwo.record.ledger.envelope import GENESIS, Actor, Recorded

if TYPE_CHECKING:
    import pytest

    from daytwo.insight.facts.follow import Follower


def at(text: str) -> int:
    """Return microseconds of a moment such as `2026-03-01T08:00`, UTC."""
    return micros(text)


def recorded(
    seq: int,
    type_: str,
    when: str,
    *,
    from_: str = "native",
    by: str = "olga",
    role: str = "operator",
    noted: str = "",
    ref: dict[str, Any] | None = None,
    **payload: Any,
) -> Recorded:
    """Return an event as the ledger would give it."""
    happened = _text(when)
    written = _text(noted) if noted else happened
    if from_ == "import":
        ref = {
            "by": by,
            "role": role,
            "site": "basel",
            **({"recorded": written} if noted else {}),
        } | (ref or {})
        written = _text("2026-11-01T00:00")
    origin = json.dumps({"kind": from_, "source": "", "ref": ref}, separators=(",", ":"))
    return Recorded(
        seq,
        "stream",
        seq,
        type_,
        1,
        json.dumps(payload),
        happened,
        written,
        Actor(by, by.title(), role),
        origin,
        None,
        f"command-{seq}",
        0,
        "test",
        "",
        GENESIS,
        f"{seq:064x}",
    )


def _text(when: str) -> str:
    return stamp(EPOCH + timedelta(microseconds=micros(when)))


class Story:
    """Events in order, and the rows that they make."""

    def __init__(self, **always: Any) -> None:
        self.events: list[Recorded] = []
        self.rows = InMemory()
        self.always = always

    def tell(self, type_: str, when: str, **said: Any) -> Story:
        """Add an event and fold it."""
        event = recorded(len(self.events) + 1, type_, when, **(self.always | said))
        self.events.append(event)
        take(self.rows, event, "home")
        return self

    def all(self, fact: str) -> list[Row]:
        """Return the rows of a fact that are born."""
        return [row for row in self.rows.rows[fact].values() if row[BORN]]

    def one(self, fact: str) -> Row:
        """Return the only row of a fact."""
        (row,) = self.all(fact)
        return row


class Ledger:
    """A ledger that is a list: what the follower reads of a real one."""

    def __init__(self, told: list[Recorded], monkeypatch: pytest.MonkeyPatch) -> None:
        self.told = told
        self.end = len(told)
        self.read: list[int] = []
        monkeypatch.setattr(follow, "is_postgresql", lambda: False)
        monkeypatch.setattr(follow, "last_seq", lambda: self.end)
        monkeypatch.setattr(follow, "one_event", lambda seq: self.told[seq - 1] if seq else None)
        monkeypatch.setattr(follow, "events", self._events)

    def _events(
        self, types: tuple[str, ...], *, after_seq: int, until_seq: int, page: int
    ) -> list[Recorded]:
        assert until_seq - after_seq <= page
        found = [e for e in self.told[after_seq : min(until_seq, self.end)] if e.type in types]
        self.read += [event.seq for event in found]
        return found


def everything(of: Follower) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every fact, by key."""
    engine = over(of.snapshot())
    return {
        name: engine.rows(engine.table(name).order_by(*fact.key_names))
        for name, fact in by_name().items()
    }
