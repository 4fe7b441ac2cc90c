"""The milestone fact: one row a thing that happened on the way to release."""

from __future__ import annotations

from tests.insight.facts.telling import Story, at


def test_milestones_of_a_batch_with_the_function_that_made_them() -> None:
    story = Story(batch_id="B")
    story.tell("batch.manufacture.ended", "2026-01-03T00:00")
    story.tell("release.completeness.passed", "2026-01-04T00:00")
    story.tell("release.review.opened", "2026-01-05T00:00", function="production")
    story.tell("release.record.returned", "2026-01-06T00:00", role="production")
    story.tell("release.record.reviewed", "2026-01-07T00:00", role="quality")
    story.tell("release.batch.decided", "2026-01-08T00:00", decision="released")
    found = sorted(story.all("milestone"), key=lambda row: row["seq"])
    assert [(row["kind"], row["function"]) for row in found] == [
        ("ended", None),
        ("complete", None),
        ("review_opened", "production"),
        ("returned", "production"),
        ("reviewed", "quality"),
        ("decided", None),
    ]
    assert found[0]["at_us"] == at("2026-01-03T00:00")
    assert (found[-1]["month"], found[-1]["batch_id"]) == ("2026-01", "B")


def test_milestone_knows_its_product_once_the_batch_is_known() -> None:
    story = Story(batch_id="B")
    story.tell("batch.manufacture.ended", "2026-01-03T00:00")
    story.tell("batch.imported", "2026-01-01T00:00", product_code="P", product_name="Product")
    assert story.one("milestone")["product_code"] == "P"
