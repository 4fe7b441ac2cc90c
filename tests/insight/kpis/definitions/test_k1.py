"""K1, batch release cycle time: hand-computed cases."""

from __future__ import annotations

from datetime import UTC, datetime

from daytwo.insight.facts.batch import BatchFact, Moment
from daytwo.insight.kpis.definitions.k1 import observe

ENDED = Moment(datetime(2026, 3, 28, 12, tzinfo=UTC), 10)
# A day and a half later by the calendar, across the change to summer time.
DECIDED = Moment(datetime(2026, 3, 30, tzinfo=UTC), 20)
BATCH = BatchFact("B", "P", "Product", "M v1", "native")


def one(**moments: object) -> tuple[float | None, str, bool, bool]:
    row = BatchFact(**{**{f: getattr(BATCH, f) for f in BATCH.__slots__}, **moments})
    found = observe([row])[0]
    return found.value, found.why_not, found.missing, found.open


def test_released_batch_counts_elapsed_days() -> None:
    assert one(ended=ENDED, decided=DECIDED, decision="released") == (1.5, "", False, False)


def test_batch_still_in_manufacture_is_left_out() -> None:
    assert one() == (None, "manufacture has not ended", False, False)


def test_finished_batch_without_decision_is_open() -> None:
    assert one(ended=ENDED) == (None, "", False, True)


def test_rejected_batch_is_shown_apart() -> None:
    found = one(ended=ENDED, decided=DECIDED, decision="rejected")
    assert found == (None, "rejected, shown apart", False, False)


def test_decision_without_end_is_missing_data() -> None:
    found = one(decided=DECIDED, decision="released")
    assert found == (None, "no end of manufacture recorded", True, False)


def test_imported_batch_without_times_is_missing_data() -> None:
    value, why, missing, still_open = one(origin="import")
    assert (value, missing, still_open) == (None, True, False)
    assert "source" in why
