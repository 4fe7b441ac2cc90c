"""A batch that has been walked to its release, for tests that start there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.batches import commands as batches
from daytwo.record.release import commands as release
from tests import floor
from tests.conftest import Person

if TYPE_CHECKING:
    from pathlib import Path


def release_one(site: Path) -> str:
    """Walk the example batch from its master to its release; return its number."""
    aron, sam, quinn, olga, otto = map(Person, ("aron", "sam", "quinn", "olga", "otto"))
    floor.approve_master(aron, sam, quinn)
    floor.stock(sam, quinn)
    floor.issue(sam)
    floor.do_all(olga, otto)
    sam.does(batches.complete_record, batch_id=floor.BATCH)
    Person("quentin").does(release.open_review, batch_id=floor.BATCH)
    Person("quentin").does(release.review_record, batch_id=floor.BATCH)
    Person("paula").does(
        release.decide, batch_id=floor.BATCH, decision="released", rationale="conforms"
    )
    return floor.BATCH
