"""The record is completed whole, answered, calculated and ended, or not at all."""

from __future__ import annotations

import pytest

from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.release.queries import all_signatures
from tests import floor
from tests.conftest import CAST, Person
from tests.record.attack import refused

HERE = {"batch_id": floor.BATCH}


@pytest.mark.requirement("R31")
def test_complete_record_is_signed_by_production(made, sam):
    events = sam.does(b.complete_record, **HERE).events
    assert [e.type for e in events] == ["access.signature.applied", "batch.record.completed"]
    row = q.batch(floor.BATCH)
    assert (row.record_state, row.completed_at) == ("completed", events[-1].occurred_text)
    signed = all_signatures(row)[-1]
    assert (signed.meaning, signed.subject, signed.signer_name, signed.state) == (
        "production reviewed",
        "record",
        "Sam Keller",
        "valid",
    )


@pytest.mark.requirement("R36")
def test_record_with_an_unanswered_discrepancy_is_not_completed(made, olga, sam):
    given = {"step_id": None, "description": "found later", "stop_work": False}
    olga.does(b.report_discrepancy, **HERE, **given)
    with refused("batch.discrepancies_open", sam):
        sam.does(b.complete_record, **HERE)
    sam.does(b.answer_discrepancy, **HERE, discrepancy_id=f"{floor.BATCH}/1", answer="looked at it")
    sam.does(b.complete_record, **HERE)


@pytest.mark.requirement("R12")
def test_record_with_a_stale_yield_is_not_completed(made, olga, sam):
    given = {"step_id": "COT-080", "entry": {"value": "49.000"}}
    olga.does(b.correct_step, **HERE, **given, reason="misread")
    sam.does(b.answer_discrepancy, **HERE, discrepancy_id=f"{floor.BATCH}/1", answer="reread")
    with refused("batch.stale", sam, "batch.complete_record"):
        sam.does(b.complete_record, **HERE)


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("name", [n for n in CAST if n != "sam"])
def test_only_a_supervisor_completes(made, name):
    person = Person(name)
    with refused("access.not_permitted", person, "batch.complete_record"):
        person.does(b.complete_record, **HERE)
