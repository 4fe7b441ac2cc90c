"""The facts: folded from the ledger alone, complete at once, the same however they were cut."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.insight.facts import follow
from daytwo.insight.facts.checking import compare
from daytwo.insight.facts.engine.live import live
from daytwo.insight.facts.follow import Follower
from daytwo.insight.facts.storage.store import Store
from tests import floor
from tests.conftest import POSTGRESQL
from tests.insight.facts import plant
from tests.insight.facts.telling import Ledger, everything
from tests.record import walking

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person


def batches() -> list[str]:
    batch = live().table("batch")
    found = live().rows(batch.order_by("seq_first").select("batch_id"))
    return [row["batch_id"] for row in found]


def test_committed_event_is_in_the_next_answer(
    site: Path, aron: Person, sam: Person, quinn: Person
) -> None:
    floor.approve_master(aron, sam, quinn)
    assert batches() == []
    floor.issue(sam)
    assert batches() == [floor.BATCH]
    floor.issue(sam, "B-0002")
    assert batches() == [floor.BATCH, "B-0002"]


def test_following_equals_reading_from_the_start_and_reading_the_files(site: Path) -> None:
    follow.current()
    walking.release_one(site)
    followed = everything(follow.follower())
    follow.forget()
    assert everything(follow.follower()) == followed
    assert follow.follower().write(wait=True)
    assert everything(follow.follower()) == followed
    follow.forget()
    assert everything(follow.follower()) == followed
    assert compare(follow.follower()) == []
    row = followed["batch"][0]
    assert row["decision"] == "released"
    assert row["steps"] == len(followed["step"]) > 20
    assert row["signatures"] > 20


@pytest.mark.parametrize("seed", range(6))
def test_incremental_in_arbitrary_cuts_equals_a_full_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    ledger = Ledger(plant.events(seed), monkeypatch)
    last = ledger.end
    of = Follower(Store(tmp_path / "cut"), "main")
    for cut in [*sorted(chance.sample(range(1, last), 8)), last]:
        ledger.end = cut
        of.snapshot()
        what = chance.choice(("nothing", "write", "restart", "let go"))
        if what != "nothing":
            of.write(wait=True)
        if what == "restart":
            of = Follower(Store(tmp_path / "cut"), "main")
        if what == "let go":
            of.cache.let_go()
    whole = Follower(Store(tmp_path / "whole"), "main")
    whole.rebuild()
    assert whole.seq == of.seq == last
    assert everything(of) == everything(whole)
    assert compare(of) == []
    assert min(len(rows) for rows in everything(of).values()) > 0


def test_current_files_spare_reading_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(plant.events(1), monkeypatch)
    kept = Follower(Store(tmp_path), "main")
    kept.refresh()
    expected = everything(kept)
    ledger.read.clear()
    assert everything(Follower(Store(tmp_path), "main")) == expected
    assert ledger.read == []


def test_only_what_is_new_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(plant.events(1), monkeypatch)
    last, ledger.end = ledger.end, ledger.end - 3
    of = Follower(Store(tmp_path), "main")
    of.snapshot()
    ledger.read.clear()
    ledger.end = last
    of.snapshot()
    assert ledger.read == [last - 2, last - 1, last]


def test_long_tail_goes_to_the_files_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(plant.events(1), monkeypatch)
    monkeypatch.setattr(follow, "WRITE_AFTER", ledger.end + 1)
    of = Follower(Store(tmp_path), "main")
    of.snapshot()
    assert of.cache.manifest.seq == 0
    monkeypatch.setattr(follow, "WRITE_AFTER", ledger.end)
    of.snapshot()
    assert of.cache.manifest.seq == ledger.end


def test_more_rows_than_memory_should_hold_are_folded_by_way_of_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger(plant.events(2), monkeypatch)
    expected = everything(Follower(Store(tmp_path / "large"), "main"))
    monkeypatch.setattr(follow, "MOST_HELD", 40)
    monkeypatch.setattr(follow, "PAGE", 200)
    of = Follower(Store(tmp_path / "small"), "main")
    assert everything(of) == expected
    assert of.cache.manifest.generation > 1
    of.rebuild()
    assert everything(of) == expected


def test_rebuild_shows_itself_only_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(plant.events(2), monkeypatch)
    Follower(Store(tmp_path), "main").refresh()
    seen: set[int] = set()
    monkeypatch.setattr(follow, "MOST_HELD", 40)
    monkeypatch.setattr(follow, "PAGE", 200)
    of = Follower(Store(tmp_path), "main")
    of.rebuild(lambda _done, _total: seen.add(Store(tmp_path).manifest().seq))
    assert seen == {ledger.end}


def test_two_processes_write_in_turn_and_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(plant.events(3), monkeypatch)
    last = ledger.end
    one, two = (Follower(Store(tmp_path), "main") for _ in range(2))
    for number in range(1, 5):
        ledger.end = last * number // 4
        (one if number % 2 else two).write(wait=True)
        assert everything(one) == everything(two)
    assert compare(one) == compare(two) == []


def test_process_that_finds_another_writing_answers_from_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(plant.events(3), monkeypatch)
    monkeypatch.setattr(follow, "WRITE_AFTER", 1)
    of = Follower(Store(tmp_path), "main")
    with Store(tmp_path).writing(wait=True) as mine:
        assert mine
        assert len(everything(of)["batch"]) > 5
        assert of.cache.manifest.seq == 0
    of.snapshot()
    assert of.cache.manifest.seq == ledger.end


def test_facts_of_another_ledger_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger(plant.events(1), monkeypatch)
    Follower(Store(tmp_path), "main").refresh()
    other = plant.events(2)
    Ledger([replace(event, hash=f"f{event.hash[1:]}") for event in other], monkeypatch)
    of = Follower(Store(tmp_path), "main")
    assert of.cache.manifest.seq == 0
    assert compare(of) == []


def test_other_name_of_the_site_makes_the_facts_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger(plant.events(1), monkeypatch)
    Follower(Store(tmp_path), "main").refresh()
    found = everything(Follower(Store(tmp_path), "elsewhere"))["usage"]
    assert {row["site"] for row in found} <= {"elsewhere", "basel"}


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite commits its numbers in order")
def test_number_that_is_committed_late_is_found(
    site: Path, aron: Person, sam: Person, quinn: Person
) -> None:
    """A row with a lower number appears after the facts went past it, also after a writing."""
    from django.db import connection

    floor.approve_master(aron, sam, quinn)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('ledger_event', 'seq'))")
        late = cursor.fetchone()[0]
        floor.issue(sam, "B-2")
        assert batches() == ["B-2"]
        follow.follower().refresh()
        follow.forget()
        assert late in follow.follower().late.noted
        columns = ", ".join(f.column for f in _event_fields() if f.column != "seq")
        values = columns.replace("command_id", "command_id || '-late'")
        values = values.replace("payload", _named("B-1")).replace("stream", quoted("batch/B-1"))
        cursor.execute(
            f"INSERT INTO ledger_event (seq, {columns})"
            f" SELECT %s, {values} FROM ledger_event WHERE type = 'batch.planned'",
            (late,),
        )
    assert sorted(batches()) == ["B-1", "B-2"]
    assert late not in follow.follower().late.noted


def _event_fields() -> list[Any]:
    from daytwo.record.ledger.models import LedgerEvent

    return list(LedgerEvent._meta.fields)


def quoted(text: str) -> str:
    return f"'{text}'"


def _named(batch: str) -> str:
    return f"replace(payload, 'B-2', {quoted(batch)})"
