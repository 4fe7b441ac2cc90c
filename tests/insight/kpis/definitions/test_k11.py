"""K11 by hand: from assignment to approved cause; minor deviations are triaged away."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def deviation(name, cause, **more):
    made = {"deviation_id": name, "severity": "major", "assigned_us": day(1)}
    return made | {"recorded_us": day(0), "cause_us": cause} | more


def test_days_from_assignment_to_cause():
    rows = [
        deviation("D1", day(11)),
        deviation("D2", day(21)),
        deviation("D3", day(2), severity="Minor"),
        deviation("D4", None),
        deviation("D5", None, closed_us=day(9)),
        deviation("D6", None, assigned_us=None),
        deviation("D7", day(9), assigned_us=None),
    ]
    found = evaluate(definition("K11"), facts(deviation=rows))
    assert (found.value, found.n, found.open, found.coverage) == (15, 2, 1, 0.5)
    assert dict(found.excluded)["minor: triaged, not investigated"] == 1
