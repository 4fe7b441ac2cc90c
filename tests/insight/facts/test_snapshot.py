"""A snapshot stays what it was, and what has not changed is not made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.facts.engine.live import over
from daytwo.insight.facts.follow import Follower
from daytwo.insight.facts.storage.store import Store
from tests.insight.facts import plant
from tests.insight.facts.telling import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_old_snapshot_answers_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(plant.events(1), monkeypatch)
    last, ledger.end = ledger.end, ledger.end // 2
    of = Follower(Store(tmp_path), "main")
    of.refresh()
    engine = over(of.snapshot())
    steps = engine.table("step")
    before = sorted(map(str, engine.rows(steps)))
    ledger.end = last
    later = over(of.snapshot())
    assert len(later.rows(steps)) > len(before)
    assert sorted(map(str, engine.rows(steps))) == before
    of.write(wait=True)
    assert sorted(map(str, engine.rows(steps))) == before


def test_fact_that_no_event_touched_is_the_same_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(plant.events(1), monkeypatch)
    ledger.end = next(e.seq for e in ledger.told if e.type == "usage.feature.used") - 1
    of = Follower(Store(tmp_path), "main")
    before = of.snapshot()
    assert of.snapshot() is before
    ledger.end += 1
    after = of.snapshot()
    assert after is not before
    assert after.sources["batch"] is before.sources["batch"]
    assert after.sources["usage"] is not before.sources["usage"]
