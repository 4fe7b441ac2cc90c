"""The store: a crash leaves the old state, readers see one state, other tools see the months."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from daytwo.insight.facts.follow import Follower
from daytwo.insight.facts.storage import store as stores
from daytwo.insight.facts.storage.store import Store, without
from tests.insight.facts import plant
from tests.insight.facts.telling import Ledger, everything

if TYPE_CHECKING:
    from pathlib import Path


class PowerCut(BaseException):
    """The machine is gone: nothing handles that."""


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    return Ledger(plant.events(1), monkeypatch)


def shown(folder: Path, fact: str) -> list[str]:
    return sorted(file.name for file in (folder / fact).glob("*"))


def test_months_lie_open_for_other_tools(tmp_path: Path, ledger: Ledger) -> None:
    of = Follower(Store(tmp_path), "main")
    of.refresh()
    files = sorted((tmp_path / "batch").glob("*.parquet"))
    assert [file.stem for file in files] == ["2026-01", "2026-02"]
    read = [row for file in files for row in pq.read_table(file, partitioning=None).to_pylist()]
    assert {row["batch_id"] for row in read} == {row["batch_id"] for row in everything(of)["batch"]}
    assert {row["month"] for row in read} == {"2026-01", "2026-02"}
    compression = pq.ParquetFile(files[0]).metadata.row_group(0).column(0).compression
    assert compression == "ZSTD"


class Durable:
    """Counts what is made durable, and lets the machine die before one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls, self.last = 0, 1 << 30
        self._real = os.fsync
        monkeypatch.setattr(os, "fsync", self)

    def __call__(self, handle: int) -> None:
        self.calls += 1
        if self.calls > self.last:
            raise PowerCut
        self._real(handle)


@pytest.mark.parametrize("before_the_end", [1, 2, 3, 8, 15, 25])
def test_crash_at_any_moment_leaves_the_old_state(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, before_the_end: int
) -> None:
    durable = Durable(monkeypatch)
    last = ledger.end
    for folder in (tmp_path / "whole", tmp_path / "cut"):
        ledger.end = last // 2
        Follower(Store(folder), "main").refresh()
    before = Store(tmp_path / "cut").manifest()
    ledger.end = last
    durable.calls = 0
    Follower(Store(tmp_path / "whole"), "main").refresh()
    durable.last, durable.calls = durable.calls - before_the_end, 0
    with pytest.raises(PowerCut):
        Follower(Store(tmp_path / "cut"), "main").refresh()
    durable.last = 1 << 30
    after = Store(tmp_path / "cut").manifest()
    assert after == before or after.seq == last
    found = everything(Follower(Store(tmp_path / "cut"), "main"))
    assert found == everything(Follower(Store(tmp_path / "whole"), "main"))


def test_crash_before_the_names_are_given_is_mended_by_the_next_writing(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise PowerCut

    of = Follower(Store(tmp_path), "main")
    ledger.end -= 5
    with monkeypatch.context() as patch:
        patch.setattr(stores, "_link", gone)
        with pytest.raises(PowerCut):
            of.refresh()
    assert shown(tmp_path, "batch") == []
    ledger.end += 5
    Follower(Store(tmp_path), "main").refresh()
    assert shown(tmp_path, "batch") == ["2026-01.parquet", "2026-02.parquet"]


@pytest.mark.parametrize("how", ["gone", "cut", "manifest"])
def test_damaged_files_are_made_anew(tmp_path: Path, ledger: Ledger, how: str) -> None:
    of = Follower(Store(tmp_path), "main")
    of.refresh()
    expected = everything(of)
    part = next(iter(Store(tmp_path).manifest().parts("step").values()))
    file = tmp_path / part.file
    if how == "gone":
        file.unlink()
    elif how == "cut":
        file.write_bytes(file.read_bytes()[:-10])
    else:
        (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    again = Follower(Store(tmp_path), "main")
    assert again.cache.manifest.seq == 0
    assert everything(again) == expected
    again.refresh()
    assert Store(tmp_path).manifest().seq == ledger.end


def test_reader_of_the_old_state_finds_its_files_for_a_while(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = ledger.end
    ledger.end = last // 2
    of = Follower(Store(tmp_path), "main")
    of.refresh()
    old = of.store.manifest()
    names = {part.file for parts in old.facts.values() for part in parts.values()}
    for name in names:
        os.utime(tmp_path / name, (0, 0))
    ledger.end = last
    of.refresh()
    assert all((tmp_path / name).exists() for name in names)
    later = time.time() + stores.GRACE_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    of.rebuild()
    counting = {p.file for parts in of.store.manifest().facts.values() for p in parts.values()}
    there = {f.relative_to(tmp_path).as_posix() for f in (tmp_path / ".files").glob("*/*")}
    assert counting <= there
    assert not names & there


def test_rows_of_changed_keys_are_left_out(tmp_path: Path, ledger: Ledger) -> None:
    of = Follower(Store(tmp_path), "main")
    of.refresh()
    part = of.store.manifest().parts("step")["2026-01"]
    table = of.store.table(part)
    key = ("B-000", "S1")
    rest = without("step", table, {key, ("B-000", "nothing")})
    keys = set(zip(rest["batch_id"].to_pylist(), rest["step_id"].to_pylist(), strict=True))
    assert key not in keys
    assert rest.num_rows == table.num_rows - 1


def test_file_system_without_second_names_gets_copies(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("pathlib.Path.hardlink_to", refused)
    Follower(Store(tmp_path), "main").refresh()
    assert shown(tmp_path, "batch") == ["2026-01.parquet", "2026-02.parquet"]
