"""Late numbers: found when they come, given up when nobody is left who could commit them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.insight.facts import late
from daytwo.insight.facts.late import LATE_SECONDS, Late
from tests.insight.facts.telling import recorded

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded


class Database:
    """What the database says: its time, the oldest open transaction, what is committed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.oldest: float | None = None
        self.there: set[int] = set()
        monkeypatch.setattr(late, "_now", lambda: self.now)
        monkeypatch.setattr(late, "_oldest_transaction", lambda: self.oldest)
        monkeypatch.setattr(late, "committed", lambda numbers: set(numbers) & self.there)
        monkeypatch.setattr(late, "one_event", lambda seq: recorded(seq, "a.b", "2026-01-01"))


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    return Database(monkeypatch)


def taken(of: Late) -> list[int]:
    found: list[Recorded] = []
    of.take(found.append)
    return [event.seq for event in found]


def test_number_that_comes_is_folded_once(database: Database) -> None:
    of = Late({})
    of.note([5, 7])
    assert taken(of) == []
    database.there = {7}
    assert taken(of) == [7]
    assert taken(of) == []
    assert list(of.noted) == [5]


def test_number_is_given_up_after_a_minute(database: Database) -> None:
    of = Late({})
    of.note([5])
    database.now += LATE_SECONDS - 1
    taken(of)
    assert 5 in of.noted
    database.now += 2
    taken(of)
    assert of.noted == {}


def test_number_is_waited_for_while_a_transaction_from_before_is_open(database: Database) -> None:
    of = Late({})
    of.note([5])
    database.oldest, database.now = 990.0, 99_000.0
    taken(of)
    assert 5 in of.noted
    database.oldest = 1001.0
    taken(of)
    assert of.noted == {}


def test_noting_again_does_not_start_the_clock_again(database: Database) -> None:
    of = Late({})
    of.note([5])
    database.now += 50
    of.note([5, 6])
    assert of.noted == {5: 1000.0, 6: 1050.0}
