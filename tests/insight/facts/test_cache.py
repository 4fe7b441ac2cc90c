"""Rows at hand: loaded by key, from the files that hold them, and written back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.insight.facts.follow import Follower
from daytwo.insight.facts.storage.store import Store
from tests.insight.facts import plant
from tests.insight.facts.telling import Ledger

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Follower:
    Ledger(plant.events(1), monkeypatch)
    of = Follower(Store(tmp_path), "main")
    of.refresh()
    of.cache.let_go()
    return of


def test_row_is_loaded_from_its_file_when_it_is_asked_for(kept: Follower) -> None:
    assert kept.cache.held == 0
    row = kept.cache.get("step", ("B-000", "S1"))
    assert row is not None
    assert row["title"] == "Step 1"
    assert 0 < kept.cache.held < 20
    assert kept.cache.get("step", ("B-000", "none")) is None
    assert kept.cache.get("step", ("none", "S1")) is None


def test_only_files_that_hold_a_key_are_read(
    kept: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = Store.rows

    def rows(store: Store, fact: str, partition: str, *rest: object) -> object:
        read.append(f"{fact}/{partition}")
        return real(store, fact, partition, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "rows", rows)
    kept.cache.get("batch", ("B-000",))
    kept.cache.get("batch", ("B-000",))
    kept.cache.get("batch", ("B-999",))
    assert read == ["batch/2026-01"]


def test_changed_row_moves_to_its_new_month(kept: Follower) -> None:
    row = kept.cache.get("batch", ("B-000",))
    assert row is not None
    kept.cache.put("batch", ("B-000",), row | {"month": "2027-01"})
    kept.write(wait=True)
    files = kept.store.manifest().parts("batch")
    months = {
        partition: kept.store.table(part)["batch_id"].to_pylist()
        for partition, part in files.items()
    }
    assert months["2027-01"] == ["B-000"]
    assert "B-000" not in months["2026-01"]


def test_unchanged_months_are_not_written_again(kept: Follower) -> None:
    before = kept.store.manifest().parts("batch")
    row = kept.cache.get("batch", ("B-000",))
    assert row is not None
    kept.cache.put("batch", ("B-000",), row | {"holds": 9})
    kept.write(wait=True)
    after = kept.store.manifest().parts("batch")
    assert after["2026-02"] == before["2026-02"]
    assert after["2026-01"].file != before["2026-01"].file


def test_rows_that_are_not_written_are_not_let_go(kept: Follower) -> None:
    row = kept.cache.get("batch", ("B-000",))
    assert row is not None
    kept.cache.put("batch", ("B-000",), row | {"holds": 9})
    kept.cache.let_go()
    found = kept.cache.get("batch", ("B-000",))
    assert found is not None
    assert found["holds"] == 9
