"""Rows of reviews and dispositions follow from the ledger alone."""

from __future__ import annotations

from daytwo.record.ledger.rebuild import compare, rebuild
from daytwo.record.release import commands as rel
from daytwo.record.release.projection import release
from daytwo.record.release.queries import reviews
from tests import floor

HERE = {"batch_id": floor.BATCH}


def test_rebuilt_rows_are_the_live_ones(reviewed, quinn, sam, quentin, paula):
    from daytwo.record.batches import commands as b

    quinn.does(rel.return_record, **HERE, reason="look again")
    sam.does(b.complete_record, **HERE)
    quinn.does(rel.open_review, **HERE)
    assert compare().equal
    quinn.does(rel.return_record, **HERE, reason="and again")
    sam.does(b.complete_record, **HERE)
    quentin.does(rel.open_review, **HERE)
    quentin.does(rel.review_record, **HERE)
    paula.does(rel.decide, **HERE, decision="released", rationale="conforms")
    assert [(r.reviewer_id, r.outcome, r.reason) for r in reviews(floor.BATCH)] == [
        ("quentin", "reviewed", ""),
        ("quinn", "returned", "look again"),
        ("quinn", "returned", "and again"),
        ("quentin", "reviewed", ""),
    ]
    live = [list(model.objects.order_by("pk").values_list()) for model in release.models]
    assert compare().equal
    rebuild()
    assert [list(m.objects.order_by("pk").values_list()) for m in release.models] == live


def test_return_is_told_of_who_gave_it_and_not_of_who_had_the_record_open(
    completed, quinn, quentin
):
    quentin.does(rel.open_review, **HERE)
    quinn.does(rel.return_record, **HERE, reason="label of drum 3")
    assert [(r.reviewer_id, r.outcome, r.reason) for r in reviews(floor.BATCH)] == [
        ("quentin", "ended", ""),
        ("quinn", "returned", "label of drum 3"),
    ]
    assert all(r.closed_at for r in reviews(floor.BATCH))
    assert compare().equal
