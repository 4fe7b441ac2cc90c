"""K34 by hand: feedback by shifts, and when somebody answers."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def used(seq, kind, at, ref):
    return {"seq": seq, "kind": kind, "at_us": day(at), "ref": ref}


USAGE = [
    used(1, "feedback", 1, "F1"),
    used(2, "feedback", 2, "F2"),
    used(3, "answer", 5, "F1"),
    used(4, "answer", 9, "F1"),
    used(5, "screen", 9, None),
]
SHIFTS = [
    {"seq": i, "team": "A", "day": "2026-01-01", "start_us": day(i), "end_us": day(i + 0.3)}
    for i in range(50)
]


def test_feedback_for_each_hundred_shifts():
    found = evaluate(definition("K34"), facts(usage=USAGE, labour=SHIFTS))
    assert (found.value, found.numerator, found.denominator) == (4, 2, 50)


def test_first_answer_counts_and_silence_is_open():
    found = evaluate(definition("K34answer"), facts(usage=USAGE))
    assert (found.value, found.n, found.open) == (4, 1, 1)
