"""K14 by hand: the first promise counts, and days are those of the site."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import facts, on

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def row(kind, name, due, closed, **more):
    made = {f"{kind}_id": name, "due_first_on": due}
    return made | {"closed_us": on(closed) if closed else None} | more


@pytest.mark.parametrize(("kpi", "kind"), [("K14", "deviation"), ("K14capa", "capa")])
def test_first_due_date_counts_and_extensions_are_late(kpi, kind):
    rows = [
        row(kind, "1", "2026-03-01", "2026-03-01T22:00"),
        row(kind, "2", "2026-03-01", "2026-03-02T08:00", due_on="2026-04-01", due_moves=1),
        row(kind, "3", "2026-03-09", None),
        row(kind, "4", "2026-03-10", None),
        row(kind, "5", None, "2026-03-02"),
    ]
    found = evaluate(definition(kpi), facts(now=NOW, **{kind: rows}))
    assert (found.numerator, found.denominator, found.open) == (1, 3, 1)
    assert dict(found.excluded) == {"no due date promised": 1}


@pytest.mark.parametrize(
    ("zone", "timely"), [("UTC", 1), ("Europe/Zurich", 0), ("America/New_York", 1)]
)
def test_day_ends_at_midnight_of_the_site(zone, timely):
    rows = [row("deviation", "1", "2026-02-01", "2026-02-01T23:30")]
    found = evaluate(definition("K14"), facts(now=NOW, zone=zone, deviation=rows))
    assert found.numerator == timely
