"""K10 by hand: from detection to the last closure, and the lag before."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def deviation(name, closed, **more):
    made = {"deviation_id": name, "occurred_us": day(0), "detected_us": day(2)}
    return made | {"recorded_us": day(3), "closed_us": closed, "last_closed_us": closed} | more


def test_clock_starts_with_detection_not_with_the_record():
    found = evaluate(definition("K10"), facts(deviation=[deviation("D1", day(12))]))
    assert (found.value, found.n) == (10, 1)


def test_opened_again_is_open_and_its_clock_never_stopped():
    again = deviation("D1", day(12), reopened=1, open=True)
    found = evaluate(definition("K10"), facts(deviation=[again]))
    assert (found.value, found.open) == (None, 1)
    done = deviation("D1", day(12), reopened=1, last_closed_us=day(32))
    assert evaluate(definition("K10"), facts(deviation=[done])).value == 30


def test_without_detection_it_is_missing():
    rows = [deviation("D1", day(12)), deviation("D2", day(12), detected_us=None)]
    found = evaluate(definition("K10"), facts(deviation=rows))
    assert (found.n, found.coverage) == (1, 0.5)


def test_lag_is_from_occurrence_to_record():
    rows = [deviation("D1", None), deviation("D2", None, occurred_us=None)]
    found = evaluate(definition("K10lag"), facts(deviation=rows))
    assert (found.value, found.n, found.coverage) == (3, 1, 0.5)
