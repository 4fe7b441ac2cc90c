"""Folding: lineage, months, and rows that wait for what they belong to."""

from __future__ import annotations

from daytwo.insight.facts.folding import InMemory, take
from tests.insight.facts.telling import Story, recorded


def test_lineage_is_the_first_and_the_last_event() -> None:
    story = Story(batch_id="B", step_id="S")
    story.tell("batch.step.offered", "2026-01-31T00:00").tell("batch.started", "2026-02-01T00:00")
    story.tell("batch.step.completed", "2026-02-01T00:00")
    row = story.one("step")
    assert (row["seq_first"], row["seq_last"], row["month"]) == (1, 3, "2026-02")


def test_event_that_comes_late_is_still_the_first() -> None:
    rows = InMemory()
    for seq, origin in ((7, "native"), (3, "import")):
        event = recorded(seq, "mbr.drafted", "2026-01-01", from_=origin, mbr_id="M", version=1)
        take(rows, event, "home")
    row = rows.rows["mbr_change"]["M", 1]
    assert (row["seq_first"], row["seq_last"]) == (3, 7)
    assert (row["origin"], row["site"]) == ("import", "basel")


def test_rows_before_their_batch_are_given_its_columns_when_it_comes() -> None:
    story = Story(from_="import", batch_id="B", step_id="S")
    story.tell("batch.step.completed", "2026-01-01T00:00")
    story.tell("quality.deviation.recorded", "2026-01-01T00:00", deviation_id="D")
    assert story.one("step")["product_code"] is None
    assert list(story.rows.orphans) == ["batch/B"]
    told = {"product_code": "P", "product_name": "P", "line": "L"}
    story.tell("batch.imported", "2026-01-01T00:00", **told)
    assert (story.one("step")["product_code"], story.one("deviation")["line"]) == ("P", "L")
    assert story.rows.orphans == {}
    assert story.one("step")["seq_last"] == 1


def test_event_that_no_fact_folds_changes_nothing() -> None:
    rows = InMemory()
    take(rows, recorded(1, "access.role.granted", "2026-01-01"), "home")
    assert not any(rows.rows.values())
