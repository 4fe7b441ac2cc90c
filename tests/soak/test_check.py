"""The check after a kill must see what a kill could do: a ledger is doctored in each way."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from daytwo.kernel.ids import new_id
from daytwo.record.batches import commands as b
from daytwo.record.ledger import writer
from soak.check import Findings, check
from soak.hands import Acknowledged
from tests import floor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person


@pytest.fixture
def told(site: Path, aron: Person, sam: Person, quinn: Person, olga: Person) -> Acknowledged:
    """Do one step; give what its doer was told."""
    floor.approve_master(aron, sam, quinn)
    floor.stock(sam, quinn)
    floor.issue(sam)
    command_id, step = new_id(), "DSP-010"
    receipt = olga.does(
        b.complete_step,
        command_id=command_id,
        batch_id=floor.BATCH,
        step_id=step,
        entry=floor.entry_for(step),
    )
    events = tuple((e.seq, e.stream, e.version, e.hash) for e in receipt.events)
    return Acknowledged(command_id, floor.BATCH, step, events, replayed=False)


def wrong(site: Path, *acts: Acknowledged) -> list[str]:
    findings = Findings()
    check(site, findings, acts, compare=True)
    assert findings.acknowledged == len(acts)
    return findings.wrong


def doctor(site: Path, *statements: str) -> None:
    """Change the file behind the house's back, its guards taken off."""
    writer.close()
    with closing(sqlite3.connect(site / "daytwo.sqlite3")) as raw, raw:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)


def test_sound_record_has_nothing_wrong(site: Path, told: Acknowledged) -> None:
    assert wrong(site, told) == []


def test_acknowledged_act_that_is_gone_is_named(site: Path, told: Acknowledged) -> None:
    (first,) = wrong(site, replace(told, command_id=new_id()))
    assert first.startswith(f"acknowledged {floor.BATCH} DSP-010")


def test_act_with_another_hash_than_told_is_named(site: Path, told: Acknowledged) -> None:
    (seq, stream, version, _), *others = told.events
    (first,) = wrong(site, replace(told, events=((seq, stream, version, "0" * 64), *others)))
    assert first.startswith("acknowledged")


def test_half_an_act_is_named(site: Path, told: Acknowledged) -> None:
    doctor(site, f"DELETE FROM ledger_event WHERE seq = {told.events[1][0]}")
    found = wrong(site)
    assert any(text.startswith("half an act") for text in found)


def test_step_without_its_completion_is_named(site: Path, told: Acknowledged) -> None:
    last = told.events[-1][0]
    doctor(
        site,
        f"UPDATE ledger_event SET type = 'batch.step.claimed' WHERE seq <= {last}"
        " AND type = 'batch.step.completed'",
    )
    assert any(text.startswith("half a step") for text in wrong(site))


def test_step_done_by_two_acts_is_named(site: Path, told: Acknowledged) -> None:
    columns = (
        "type, schema, payload, occurred_at, recorded_at, actor_id, actor_name, actor_role,"
        " origin, reason"
    )
    doctor(
        site,
        f"INSERT INTO ledger_event SELECT seq + 900, stream, version + 900, {columns}, 'twin',"
        " 0, 'batch.other', command_digest, prev_hash, hash FROM ledger_event"
        f" WHERE command_id = '{told.command_id}' AND type = 'batch.step.completed'",
    )
    assert any(text.startswith("twice") for text in wrong(site))


def test_row_that_does_not_follow_is_named(site: Path, told: Acknowledged) -> None:
    doctor(site, "UPDATE batches_step SET state = 'pending' WHERE step_id = 'DSP-010'")
    assert any(text.startswith("batches_step") for text in wrong(site, told))
