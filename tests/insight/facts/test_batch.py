"""A batch as pages read it."""

from __future__ import annotations

from daytwo.insight.facts.batch import COLUMNS, of_row
from tests.insight.facts.telling import Story


def test_row_becomes_a_batch_with_its_moments() -> None:
    story = Story(batch_id="B")
    told = {"product_code": "P", "product_name": "Product", "mbr_id": "M", "mbr_version": 2}
    story.tell("batch.planned", "2026-01-01T00:00", **told)
    story.tell("batch.manufacture.ended", "2026-01-03T00:00")
    story.tell("release.batch.decided", "2026-01-05T12:00", decision="released")
    row = story.one("batch")
    found = of_row({name: row[name] for name in COLUMNS})
    assert (found.mbr, found.decision, found.started) == ("M v2", "released", None)
    assert found.ended is not None
    assert found.decided is not None
    assert (found.decided.at - found.ended.at).total_seconds() == 2.5 * 86_400
    assert (found.ended.seq, found.decided.seq) == (2, 3)
