"""The evaluator: nothing is dropped in silence, and every figure leads to its events."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from daytwo.insight.facts.batch import BatchFact, Moment
from daytwo.insight.kpis.definition import Observation, definition
from daytwo.insight.kpis.evaluate import evaluate, explain, show
from daytwo.kernel.errors import Fault
from daytwo.record.ledger.reading import one_event
from tests.record import walking

if TYPE_CHECKING:
    from pathlib import Path

K1 = definition("K1")
START = datetime(2026, 1, 1, tzinfo=UTC)


def released(name: str, days: float | None, decision: str = "released") -> BatchFact:
    ended = Moment(START, 1)
    decided = Moment(START + timedelta(days=days), 2) if days is not None else None
    return BatchFact(
        name,
        "P",
        "Product",
        "M v1",
        "native",
        ended=ended,
        decided=decided,
        decision=decision if decided else "",
    )


def test_empty_record_is_unknown_not_zero() -> None:
    found = evaluate(K1, [])
    assert (found.value, found.n, found.coverage, found.interval) == (None, 0, None, None)


def test_release_times_of_the_kpi_paper() -> None:
    facts = [released(f"B{i}", days) for i, days in enumerate((3, 4, 5, 6, 40))]
    found = evaluate(K1, facts)
    assert (found.value, found.p90, found.n) == (5, 40, 5)


def test_open_and_rejected_are_counted_apart() -> None:
    facts = [released("B1", 3), released("B2", None), released("B3", 9, "rejected")]
    found = evaluate(K1, facts)
    assert (found.value, found.n, found.open) == (3, 1, 1)
    assert found.excluded == (("rejected, shown apart", 1),)
    assert found.coverage == 1


def test_missing_start_lowers_coverage() -> None:
    facts = [released("B1", 3), replace(released("B2", 4), ended=None)]
    found = evaluate(K1, facts)
    assert (found.n, found.coverage) == (1, 0.5)


def test_a_definition_that_drops_a_subject_is_caught() -> None:
    forgetful = replace(
        K1, observe=lambda batches: [Observation(b.batch_id, 1.0) for b in batches[1:]]
    )
    with pytest.raises(Fault, match="add up"):
        evaluate(forgetful, [released("B1", 3), released("B2", 4)])


def test_figure_of_a_real_batch_is_explained_down_to_the_ledger(site: Path) -> None:
    walking.release_one(site)
    found = show("K1")
    assert (found.n, found.coverage) == (1, 1)
    rows = explain("K1")
    assert [row["subject"] for row in rows] == ["B-0001"]
    start, stop = one_event(rows[0]["start"]["seq"]), one_event(rows[0]["stop"]["seq"])
    assert start is not None
    assert stop is not None
    assert (start.type, stop.type) == ("batch.manufacture.ended", "release.batch.decided")
    days = (stop.occurred_at - start.occurred_at).total_seconds() / 86_400
    assert found.value == pytest.approx(days)
    assert rows[0]["stop"]["hash"] == stop.hash


def test_other_products_can_be_left_out(site: Path) -> None:
    walking.release_one(site)
    assert show("K1", product_code="another").n == 0
