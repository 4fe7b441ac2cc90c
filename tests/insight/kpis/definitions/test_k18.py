"""K18 by hand: three complaints for one and a half million units."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts

COMPLAINTS = [{"complaint_id": f"C{i}", "received_us": day(i)} for i in range(3)]
BATCHES = [
    {"batch_id": "B1", "units": 1_000_000, "decided_us": day(1)},
    {"batch_id": "B2", "units": 500_000, "decided_us": day(20)},
    {"batch_id": "B3", "decided_us": day(1)},
]


def test_rate_of_the_kpi_paper():
    found = evaluate(definition("K18"), facts(complaint=COMPLAINTS, batch=BATCHES))
    assert (found.value, found.numerator, found.denominator) == (2.0, 3, 1_500_000)
    assert found.interval == (pytest.approx(0.4124, abs=1e-4), pytest.approx(5.8448, abs=1e-4))
    assert dict(found.excluded) == {"nothing distributed": 1}


def test_period_takes_complaints_by_receipt_and_units_by_disposition():
    made = facts(complaint=COMPLAINTS, batch=BATCHES)
    found = evaluate(definition("K18"), made, Question(Period(day(1), day(10))))
    assert (found.numerator, found.denominator) == (2, 1_000_000)
