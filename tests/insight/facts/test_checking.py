"""Checking: a fact that is not what the ledger makes of it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.insight.facts.checking import compare, states
from daytwo.insight.facts.follow import Follower
from daytwo.insight.facts.storage.store import Store
from tests.insight.facts import plant
from tests.insight.facts.telling import Ledger, everything

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Follower:
    ledger = Ledger(plant.events(1), monkeypatch)
    last, ledger.end = ledger.end, ledger.end // 2
    of = Follower(Store(tmp_path), "main")
    of.refresh()
    ledger.end = last
    of.snapshot()
    return of


def test_states_count_files_and_tail(kept: Follower) -> None:
    found = {state.name: state for state in states(kept.snapshot())}
    rows = {name: len(rows) for name, rows in everything(kept).items()}
    assert {name: state.rows for name, state in found.items()} == rows
    assert found["step"].in_tail > 0
    assert found["step"].months > 0
    kept.write(wait=True)
    assert all(state.in_tail == 0 for state in states(kept.snapshot()))


def test_equal_facts_differ_nowhere_and_the_folder_is_left_clean(kept: Follower) -> None:
    assert compare(kept) == []
    assert not (kept.store.folder / ".check").exists()


def test_changed_and_surplus_rows_are_named(kept: Follower) -> None:
    row = kept.cache.get("batch", ("B-000",))
    assert row is not None
    kept.cache.put("batch", ("B-000",), row | {"holds": 7})
    kept.cache.put("batch", ("B-X",), row | {"batch_id": "B-X"})
    (difference,) = compare(kept)
    assert (difference.name, difference.changed, difference.surplus) == ("batch", 1, 1)
    assert difference.example == "('B-000',)"
