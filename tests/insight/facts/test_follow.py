"""The facts: folded from the ledger alone, complete at once, the same after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.facts import follow
from daytwo.insight.facts.engine.live import live
from tests import floor
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


def everything() -> dict[str, list[dict[str, object]]]:
    engine = live()
    return {
        name: engine.rows(engine.table(name).order_by("seq_first", "seq_last"))
        for name in follow.by_name()
    }


def test_following_equals_reading_from_the_start_and_reading_the_files(site: Path) -> None:
    follow.current()
    walking.release_one(site)
    followed = everything()
    follow.forget()
    assert everything() == followed
    assert follow.follower().write(wait=True)
    assert everything() == followed
    follow.forget()
    assert everything() == followed
    row = followed["batch"][0]
    assert row["decision"] == "released"
    assert row["steps"] == len(followed["step"]) > 20
    assert row["signatures"] > 20
