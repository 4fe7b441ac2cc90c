"""K19 by hand: released by the day that was promised first."""

from __future__ import annotations

from datetime import UTC, datetime

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import facts, on


def lot(name, promised, decided, decision="released", **more):
    made = {"batch_id": name, "promised_on": promised}
    made |= {"decided_us": on(decided) if decided else None}
    return made | {"decision": decision if decided else None} | more


def test_lots_due_are_released_in_time_or_not():
    rows = [
        lot("B1", "2026-03-01", "2026-02-20"),
        lot("B2", "2026-03-01", "2026-03-01T21:00"),
        lot("B3", "2026-03-01", "2026-03-02"),
        lot("B4", "2026-03-01", None),
        lot("B5", "2026-04-01", None),
        lot("B6", "2026-03-01", "2026-02-20", "rejected"),
        lot("B7", None, "2026-02-20"),
        lot("B8", "2026-03-01", None, aborted_us=on("2026-02-01")),
    ]
    now = datetime(2026, 3, 10, tzinfo=UTC)
    found = evaluate(definition("K19"), facts(batch=rows, now=now, zone="Europe/Zurich"))
    assert (found.numerator, found.denominator, found.open) == (2, 4, 1)
    assert len(found.excluded) == 3
