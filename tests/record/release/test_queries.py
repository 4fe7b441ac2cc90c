"""Readings for review and disposition: the queue, what blocks, and what must be looked at."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.batches.models import Batch
from daytwo.record.quality import commands as quality
from daytwo.record.release import commands as rel
from daytwo.record.release import queries as rq
from tests import floor
from tests.record.stages import IN_PROCESS

BATCH = floor.BATCH
HERE = {"batch_id": BATCH}


def codes(blockers) -> list[str]:
    return [blocker.code for blocker in blockers]


@pytest.mark.requirement("R36")
def test_what_blocks_is_told_at_every_stage(compressing, olga, otto, sam, quentin, quinn, paula):
    assert codes(rq.review_blockers(q.batch(BATCH))) == ["steps", "record"]
    assert rq.release_queue() == []
    floor.do_all(olga, otto)
    given = {"step_id": None, "description": "a scratch", "stop_work": False}
    olga.does(b.report_discrepancy, **HERE, **given)
    [item] = rq.release_queue()
    assert codes(item.blockers) == ["record", "unanswered", "unclassified", "review"]
    assert (item.exceptions, item.batch.id) == (1, BATCH)
    assert item.blockers[1].target == f"discrepancy/{BATCH}/1"

    sam.does(b.answer_discrepancy, **HERE, discrepancy_id=f"{BATCH}/1", answer="polished")
    sam.does(b.complete_record, **HERE)
    assert codes(rq.review_blockers(q.batch(BATCH))) == ["unclassified"]
    judged = {"discrepancy_id": f"{BATCH}/1", "route": "deviation", "classification": "minor"}
    quinn.does(quality.classify_discrepancy, **HERE, **judged, rationale="seen")
    quentin.does(rel.open_review, **HERE)
    quentin.does(rel.review_record, **HERE)
    assert codes(rq.disposition_blockers(q.batch(BATCH))) == ["deviation"]
    closing = {"deviation_id": f"D-{BATCH}-1", "root_cause": "worn punch", "category": "equipment"}
    quinn.does(quality.close_deviation, **HERE, **closing)
    assert rq.disposition_blockers(q.batch(BATCH)) == []
    paula.does(rel.decide, **HERE, decision="released", rationale="conforms")
    assert rq.release_queue() == []


def _asked() -> tuple[int, int]:
    with CaptureQueriesContext(connection) as asked:
        queue = rq.release_queue()
    return len(queue), len(asked)


def test_queue_asks_as_much_for_three_batches_as_for_one(made, olga, sam):
    given = {"step_id": None, "description": "a scratch", "stop_work": False}
    olga.does(b.report_discrepancy, **HERE, **given)
    one = _asked()
    for name in ("B-0002", "B-0003"):
        floor.issue(sam, name)
        Batch.objects.filter(id=name).update(ended_at=q.batch(BATCH).ended_at)
        olga.does(b.report_discrepancy, batch_id=name, **given)
    assert _asked() == (3, one[1])
    by_id = {item.batch.id: item for item in rq.release_queue()}
    assert codes(by_id[BATCH].blockers) == ["record", "unanswered", "unclassified", "review"]
    assert codes(by_id["B-0003"].blockers) == ["steps", *codes(by_id[BATCH].blockers)]
    assert by_id["B-0003"].blockers[2].target == "discrepancy/B-0003/1"
    assert [item.exceptions for item in by_id.values()] == [1, 1, 1]


@pytest.mark.requirement("R09")
def test_reviewer_is_shown_every_exception_and_the_count_of_the_rest(made, olga, otto):
    olga.does(
        b.correct_step,
        **HERE,
        step_id="CMP-080",
        entry={"value": "3.41"},
        reason="misread",
    )
    otto.does(b.add_comment, **HERE, step_id="GRN-010", comment="loud")
    found = rq.review_by_exception(q.batch(BATCH))
    critical = {p.step.id for p in floor.MASTER.steps() if p.step.criticality in {"CPP", "CQA"}}
    assert {s.step_id for s in found.critical} == critical
    assert [s.step_id for s in found.corrected] == ["CMP-080"]
    assert [(c.step_id, c.comment) for c in found.comments] == [("GRN-010", "loud")]
    assert [(d.code, judged) for d, judged in found.discrepancies] == [("corrected", None)]
    assert [(s.subject, s.state) for s in found.void_signatures] == [("step/CMP-080", "changed")]
    assert found.conforming == len(q.steps(BATCH)) - len(critical | {"CMP-080", "GRN-010"})


@pytest.mark.requirement("R15")
def test_every_signature_is_shown_whole_and_judged(reviewed):
    found = rq.all_signatures(q.batch(BATCH))
    assert {s.state for s in found} == {"valid"}
    needs = [p.step.signatures for p in floor.MASTER.steps()]
    steps = sum({"none": 0, "performed": 1, "performed_and_verified": 2}[n] for n in needs)
    assert len(found) == steps + 2
    assert {s.subject for s in found} >= {f"step/{IN_PROCESS}", "record", "review"}
    assert all(s.signer_name and s.meaning and s.time_zone and s.method for s in found)


@pytest.mark.requirement("R16")
def test_unsigned_content_is_a_blocker(completed):
    row = q.batch(BATCH)
    assert rq.unsigned_blockers(row, "record") == []
    assert codes(rq.unsigned_blockers(row, "review")) == ["unsigned"]
    row.returns += 1
    assert codes(rq.unsigned_blockers(row, "record")) == ["unsigned"]


def test_nothing_is_decided_or_reviewed_until_somebody_does(completed):
    assert rq.reviews(BATCH) == []
    assert rq.disposition(BATCH) is None
