"""From a figure down to its events; an explanation that does not add up is none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from daytwo.insight.kpis import asking, explain
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.definition import definition
from daytwo.kernel.errors import Fault, Unknown
from daytwo.record.ledger.reading import one_event
from tests.insight.kpis.plant import day, facts
from tests.record import walking

if TYPE_CHECKING:
    from pathlib import Path

K1, K9 = definition("K1"), definition("K9")
ROWS = [
    {"batch_id": "B1", "ended_us": day(0), "decided_us": day(3), "decision": "released"},
    {"batch_id": "B2", "ended_us": day(0), "decided_us": day(5), "decision": "released"},
    {"batch_id": "B3", "ended_us": day(0), "decided_us": day(5), "decision": "rejected"},
    {"batch_id": "B4", "ended_us": day(0)},
]


def test_subjects_are_all_there_counted_first_the_latest_first() -> None:
    found = explain.explain(K1, facts(batch=ROWS))
    assert [(s.subject, s.state, s.value) for s in found.subjects] == [
        ("B2", "counted", 5),
        ("B1", "counted", 3),
        ("B4", "open", None),
        ("B3", "excluded", None),
    ]
    assert found.complete
    assert found.value.value == 4
    assert (found.subjects[2].open, found.subjects[2].at) == (True, "")


def test_period_and_filter_hold_for_the_subjects_too() -> None:
    asked = Question(Period(day(4), day(9)))
    found = explain.explain(K1, facts(batch=ROWS), asked)
    assert [s.subject for s in found.subjects] == ["B2", "B4", "B3"]


def test_rate_shows_both_sides() -> None:
    made = facts(batch=ROWS, deviation=[{"deviation_id": "D1", "recorded_us": day(1)}])
    found = explain.explain(K9, made)
    assert {(s.kind, s.numerator, s.denominator) for s in found.subjects} == {
        ("deviation", 1, 0),
        ("batch", 0, 1),
    }
    assert [s.number for s in explain.one(K9, made, "D1")] == [1]


def test_long_list_is_cut_and_says_so() -> None:
    found = explain.explain(K1, facts(batch=ROWS), limit=2)
    assert (len(found.subjects), found.complete) == (2, False)


def test_figure_that_its_subjects_do_not_give_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = explain.evaluate(K1, facts(batch=ROWS))
    for lie in (replace(wrong, value=4.5), replace(wrong, counted=3), replace(wrong, excluded=())):
        monkeypatch.setattr(explain, "evaluate", lambda *_, lie=lie: lie)
        with pytest.raises(Fault, match="add up"):
            explain.explain(K1, facts(batch=ROWS))


def test_unknown_subject_is_not_found() -> None:
    with pytest.raises(Unknown, match="B9"):
        explain.one(K1, facts(batch=ROWS), "B9")


def test_subject_whose_events_are_gone_is_a_fault(site: Path) -> None:
    subjects = explain.explain(K1, facts(batch=[ROWS[0] | {"decided_seq": 999_999}])).subjects
    with pytest.raises(Fault, match="events are not there"):
        explain.events_behind(subjects)


def test_figure_of_a_real_batch_is_explained_down_to_the_ledger(site: Path) -> None:
    walking.release_one(site)
    told = asking.explained("K1")
    assert (told.value.n, told.value.coverage) == (1, 1)
    rows = explain.as_rows(K1, told.subjects)
    assert [row["subject"] for row in rows] == ["B-0001"]
    start, stop = one_event(rows[0]["start"]["seq"]), one_event(rows[0]["stop"]["seq"])
    assert start is not None
    assert stop is not None
    assert (start.type, stop.type) == ("batch.manufacture.ended", "release.batch.decided")
    days = (stop.occurred_at - start.occurred_at).total_seconds() / 86_400
    assert told.value.value == pytest.approx(days)
    assert rows[0]["stop"]["hash"] == stop.hash
    assert explain.event_json(stop)["origin"]["kind"] == "native"
    history = explain.history(told.subjects[0])
    assert [event["seq"] for event in history] == sorted(event["seq"] for event in history)
    assert {start.seq, stop.seq} <= {event["seq"] for event in history}
