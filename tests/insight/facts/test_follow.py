"""The facts: folded from the ledger alone, complete at once, the same after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.facts import follow
from daytwo.insight.facts.queries import batch_facts
from tests import floor
from tests.record import walking

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person


def test_committed_event_is_in_the_next_answer(
    site: Path, aron: Person, sam: Person, quinn: Person
) -> None:
    floor.approve_master(aron, sam, quinn)
    assert batch_facts() == []
    floor.issue(sam)
    assert [row.batch_id for row in batch_facts()] == [floor.BATCH]
    floor.issue(sam, "B-0002")
    assert [row.batch_id for row in batch_facts()] == [floor.BATCH, "B-0002"]


def test_following_step_by_step_equals_reading_from_the_start(site: Path) -> None:
    batch_facts()
    walking.release_one(site)
    followed = batch_facts()
    follow.forget()
    assert batch_facts() == followed
    row = followed[0]
    moments = [row.planned, row.started, row.ended, row.completed, row.reviewed, row.decided]
    seqs = [moment.seq for moment in moments if moment is not None]
    assert len(seqs) == len(moments)
    assert seqs == sorted(seqs)
    assert row.decision == "released"


def test_answer_costs_only_what_is_new(site: Path, monkeypatch: object) -> None:
    walking.release_one(site)
    seq = follow.current().seq
    assert follow.current().seq == seq
    assert not follow.current().late
