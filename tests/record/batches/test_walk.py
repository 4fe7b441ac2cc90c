"""One real batch walks through: from the draft of its master to its release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.access import commands as people
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.verify import verify
from daytwo.record.release import commands as rel
from daytwo.record.release import queries as rq
from tests import floor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person


def test_batch_walks_from_master_to_release(
    site: Path,
    aron: Person,
    sam: Person,
    quinn: Person,
    olga: Person,
    otto: Person,
    quentin: Person,
    paula: Person,
) -> None:
    floor.approve_master(aron, sam, quinn)
    floor.stock(sam, quinn)
    floor.issue(sam)
    floor.do_all(olga, otto)
    sam.does(b.complete_record, batch_id=floor.BATCH)
    quentin.does(rel.open_review, batch_id=floor.BATCH)
    quentin.does(rel.review_record, batch_id=floor.BATCH)
    paula.does(rel.decide, batch_id=floor.BATCH, decision="released", rationale="conforms")

    row = q.batch(floor.BATCH)
    assert (row.state, row.record_state) == ("complete", "released")
    signed = rq.all_signatures(row)
    assert {s.state for s in signed} == {"valid"}
    assert {"performed", "verified", "production reviewed", "quality reviewed"} <= {
        s.meaning for s in signed
    }
    assert verify(site).ok
    assert compare().equal


def test_step_of_a_supervisor_is_signed_in_that_role(
    site: Path, ada: Person, aron: Person, sam: Person, quinn: Person, olga: Person, otto: Person
) -> None:
    floor.approve_master(aron, sam, quinn)
    floor.stock(sam, quinn)
    floor.issue(sam)
    ada.does(people.grant_role, person_id="sam", role="operator", reason="helps out")
    floor.do_until(olga, otto, "COT-090")
    sam.does(b.complete_step, batch_id=floor.BATCH, step_id="COT-090", entry={})
    signed = [s for s in rq.all_signatures(q.batch(floor.BATCH)) if s.subject == "step/COT-090"]
    assert {s.role for s in signed} == {"supervisor"}
