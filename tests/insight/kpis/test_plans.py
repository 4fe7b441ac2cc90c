"""Plans: made once, and at another present the same as if they had been made for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daytwo.insight.kpis.anytime import PRESENT
from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.definition import all_definitions, definition
from daytwo.insight.kpis.passes import passes
from daytwo.insight.kpis.plans import plan
from daytwo.insight.kpis.subjects import HOUR_US, Rule, subjects, waiting
from tests.insight.kpis.plant import day, facts

K1 = definition("K1")
QUESTIONS = [
    Question(),
    Question(by=("site", "product_code")),
    Question(Period(day(1), day(40)), {"site": "S1"}, ("product_code",)),
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("now", [day(10), day(500)])
def test_a_plan_asks_what_is_asked_without_one(question, now):
    given = replace(facts(zone="Europe/Zurich"), now_us=now)
    asked = [of for of in all_definitions() if set(question.by) <= set(of.dimensions)]
    made = plan(asked, question, "week", given)
    direct = passes(asked, given, question)
    assert len(made) == len(direct)
    for one, other in zip(made, direct, strict=True):
        assert one.sums.at(now).equals(other.summed(question, "week", given.zone))
        assert [b.of.id for b in one.branches] == [b.of.id for b in other.branches]


def test_what_is_reckoned_from_the_present_moves_with_it():
    def overdue(given):
        batch = given.table("batch")
        rules: list[Rule] = [waiting(batch.ended_us > given.now_us - 8 * HOUR_US)]
        of = {"subject": batch.batch_id, "stop_us": batch.ended_us, "value": 1.0}
        return subjects(batch, rules=rules, **of)

    of = replace(K1, id="K1overdue", subjects=overdue)
    rows = [{"batch_id": f"B{n}", "ended_us": day(n)} for n in range(10)]
    (one,) = plan([of], Question(), "year", facts())
    for now, counted in ((day(3), 3), (day(7.5), 8)):
        found = facts(batch=rows).engine.rows(one.sums.at(now))
        assert sum(row["counted_0"] for row in found) == counted


def test_the_same_question_is_planned_once_and_another_definition_anew():
    question = Question(EVER, {"site": "S1"}, ("product_code",))
    first = plan([K1], question, "week", facts())
    assert plan([K1], Question(EVER, {"site": "S1"}, ("product_code",)), "week", facts()) is first
    other_subjects = replace(K1, subjects=definition("K2").subjects)
    assert plan([other_subjects], question, "week", facts()) != first
    early = replace(facts(), shifts=(5 * 60, 13 * 60))
    for other in (("day", facts()), ("week", facts(zone="Europe/Zurich")), ("week", early)):
        assert plan([K1], question, *other) is not first


def test_no_time_that_is_asked_for_is_taken_for_the_present():
    question = Question(Period(day(1), PRESENT - 10**18))
    (one,) = plan([K1], question, "week", facts())
    assert one.sums.at(day(3)).equals(one.sums.at(day(4)))
