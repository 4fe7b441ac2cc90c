"""Watchers hear of each durable command once, and can never harm one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.kernel.errors import Refused
from daytwo.kernel.ids import new_id
from daytwo.record.access.events import SignedOut
from daytwo.record.ledger import watching
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from daytwo.record.ledger.envelope import Recorded

WHO = Actor("system.test", "Test", "system")


def intent() -> Intent:
    return Intent(new_id(), "test.act", "0" * 64, WHO, Origin("native", "test"))


def work() -> list[Pending]:
    return [Pending("person/ada", SignedOut("ada", "s-1", "person"))]


@pytest.fixture
def heard(site: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], float]]:
    found: list[tuple[list[str], float]] = []

    def note(events: Sequence[Recorded], seconds: float) -> None:
        found.append(([event.type for event in events], seconds))

    monkeypatch.setattr(watching, "_watchers", [])
    watching.watch(note)
    watching.watch(note)
    return found


def test_command_is_told_once_and_its_repeat_not_at_all(
    heard: list[tuple[list[str], float]],
) -> None:
    same = intent()
    transact(same, work)
    assert transact(same, work).replayed
    ((types, seconds),) = heard
    assert types == ["access.signed_out"]
    assert 0 < seconds < 60


def test_refused_command_is_not_told(heard: list[tuple[list[str], float]]) -> None:
    def refuse() -> list[Pending]:
        raise Refused("test.no", "No.")

    with pytest.raises(Refused):
        transact(intent(), refuse)
    assert heard == []


def test_watcher_that_fails_is_logged_and_the_act_stands(
    heard: list[tuple[list[str], float]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(events: Sequence[Recorded], seconds: float) -> None:
        raise ValueError((len(events), seconds))

    monkeypatch.setattr(watching, "_watchers", [fail, *watching._watchers])
    assert len(transact(intent(), work).events) == 1
    assert len(heard) == 1
    assert "A watcher of the ledger failed" in caplog.text
