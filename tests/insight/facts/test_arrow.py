"""Rows and Arrow: nothing is lost on the way to a file and back."""

from __future__ import annotations

from daytwo.insight.facts import arrow
from daytwo.insight.facts.folding import InMemory, take
from daytwo.insight.facts.registry import all_facts
from tests.insight.facts import plant
from tests.insight.facts.telling import Story


def test_every_row_comes_back_as_it_was_stored() -> None:
    rows = InMemory()
    for event in plant.events(5):
        take(rows, event, "main")
    for fact in all_facts():
        kept = [row for row in rows.rows[fact.name].values() if row["_born"]]
        assert kept, fact.name
        assert list(arrow.rows(arrow.stored(fact.name, kept), born=True)) == kept


def test_row_without_memory_stores_none() -> None:
    story = Story(batch_id="B", step_id="S").tell("batch.step.offered", "2026-01-01T00:00")
    table = arrow.stored("step", story.all("step"))
    assert table["_state"].to_pylist() == [None]
    assert "_state" not in arrow.table("step", story.all("step")).schema.names


def test_columns_that_a_row_lacks_have_their_defaults() -> None:
    table = arrow.table("batch", [{"batch_id": "B"}, {"batch_id": "C", "holds": 2}])
    assert table["holds"].to_pylist() == [0, 2]
    assert table["line"].to_pylist() == [None, None]
    assert arrow.table("batch", []).num_rows == arrow.stored("batch", []).num_rows == 0
