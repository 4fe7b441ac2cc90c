"""The critical path by hand: each instant has one cause, and none is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.insight.kpis.criticalpath import (
    OWNERS,
    Course,
    Matter,
    Milestone,
    critical_path,
)

HOUR = 3_600_000_000


def at(hour: float) -> int:
    return int(hour * HOUR)


def course(
    *happened: tuple[float, str, str],
    decided: float | None = None,
    matters: tuple[Matter, ...] = (),
) -> Course:
    milestones = tuple(
        Milestone(kind, function, at(hour), seq)
        for seq, (hour, kind, function) in enumerate(happened, start=1)
    )
    return Course(0, None if decided is None else at(decided), milestones, matters)


def told(of: Course, now: float = 1000) -> list[tuple[str, float]]:
    return [(wait.cause, wait.hours) for wait in critical_path(of, at(now))]


def laboratory(until: float | None) -> Matter:
    return Matter("laboratory", "", at(-5), None if until is None else at(until))


def deviation(name: str, since: float, until: float | None) -> Matter:
    return Matter("deviation", name, at(since), None if until is None else at(until))


PLAIN = (
    (10, "complete", ""),
    (10, "submitted", ""),
    (14, "review_opened", "production"),
    (20, "review_closed", "production"),
    (30, "review_opened", "quality"),
    (36, "review_closed", "quality"),
)


def test_legs_follow_each_other() -> None:
    assert told(course(*PLAIN, decided=40)) == [
        ("assembly", 10),
        ("production_review", 4),
        ("production_review", 6),
        ("qa_review", 10),
        ("qa_review", 6),
        ("qp_decision", 4),
    ]
    waits = critical_path(course(*PLAIN, decided=40), at(99))
    assert [w.detail for w in waits[1:5]] == [
        "queue for production review",
        "production review",
        "queue for quality review",
        "quality review",
    ]


@pytest.mark.parametrize(
    ("results", "closed", "cause", "until"),
    [(24, 26, "deviation", 26), (28, 26, "laboratory", 28), (12, 15, None, 20)],
)
def test_wait_belongs_to_what_finishes_last(
    results: float, closed: float, cause: str | None, until: float
) -> None:
    matters = (laboratory(results), deviation("D1", 2, closed))
    found = critical_path(course(*PLAIN, decided=40, matters=matters), at(99))
    beside = [w for w in found if w.cause in {"laboratory", "deviation"}]
    assert [w.cause for w in beside] == ([cause] if cause else [])
    assert sum(w.hours for w in beside) == until - 20
    assert sum(w.hours for w in found) == 40


def test_deviation_found_after_the_results_is_waited_for_too() -> None:
    matters = (laboratory(24), deviation("D1", 24, 29))
    assert told(course(*PLAIN, decided=40, matters=matters))[3:5] == [
        ("laboratory", 4),
        ("deviation", 5),
    ]


def test_deviation_found_during_review_delays_the_decision() -> None:
    matters = (deviation("D1", 33, 39),)
    assert told(course(*PLAIN, decided=40, matters=matters))[-2:] == [
        ("deviation", 3),
        ("qp_decision", 1),
    ]


def test_stages_of_a_deviation_are_told() -> None:
    stages = (("triage", at(15)), ("investigation", at(24)), ("closing", at(26)))
    matter = Matter("deviation", "D1", at(2), at(26), stages)
    found = critical_path(course(*PLAIN, decided=40, matters=(matter,)), at(99))
    assert [(w.detail, w.hours) for w in found if w.cause == "deviation"] == [
        ("D1: investigation", 4),
        ("D1: closing", 2),
    ]


def test_returned_record_waits_for_production_within_the_reviews_leg() -> None:
    happened = (
        *PLAIN[:4],
        (20, "returned", "production"),
        (25, "submitted", ""),
        (26, "review_opened", "production"),
        (27, "review_closed", "production"),
        *PLAIN[4:],
        (36, "returned", "quality"),
        (38, "submitted", ""),
        (39, "review_opened", "quality"),
        (40, "review_closed", "quality"),
    )
    found = critical_path(course(*happened, decided=42), at(99))
    back = [(w.cause, w.owner, w.hours) for w in found if w.detail == "returned, being corrected"]
    assert back == [("production_review", "production", 5), ("qa_review", "production", 2)]
    assert sum(w.hours for w in found if w.cause == "qa_review") == 13
    assert told(course(*happened, decided=42))[-1] == ("qp_decision", 2)


def test_record_of_ours_is_completed_by_productions_review() -> None:
    happened = ((8, "submitted", ""), (20, "review_opened", "quality"), (22, "reviewed", "quality"))
    assert told(course(*happened, decided=23)) == [
        ("production_review", 8),
        ("qa_review", 12),
        ("qa_review", 2),
        ("qp_decision", 1),
    ]


@pytest.mark.parametrize(
    ("known", "cause"),
    [
        (0, "assembly"),
        (2, "production_review"),
        (3, "production_review"),
        (4, "qa_review"),
        (5, "qa_review"),
        (6, "qp_decision"),
    ],
)
def test_open_batch_waits_for_what_has_not_come(known: int, cause: str) -> None:
    found = critical_path(course(*PLAIN[:known]), at(100))
    assert (found[-1].cause, found[-1].until_us) == (cause, at(100))


def test_open_batch_that_was_returned_is_still_in_that_review() -> None:
    found = critical_path(course(*PLAIN[:4], (20, "returned", "production")), at(50))
    assert (found[-1].cause, found[-1].detail) == ("production_review", "returned, being corrected")


def test_open_batch_waits_for_open_matters() -> None:
    assert told(course(*PLAIN[:4], matters=(laboratory(None),)), 50)[-1] == ("laboratory", 30)
    both = (laboratory(None), deviation("D1", 1, None))
    assert told(course(*PLAIN[:4], matters=both), 50)[-1] == ("deviation", 30)


def test_hold_takes_its_hours_from_whatever_they_would_have_been() -> None:
    happened = (*PLAIN[:4], (22, "held", ""), (31, "resumed", ""), *PLAIN[4:])
    found = critical_path(course(*sorted(happened), decided=40), at(99))
    assert sum(w.hours for w in found if w.cause == "hold") == 9
    assert sum(w.hours for w in found) == 40


def test_without_any_event_between_nothing_is_made_up() -> None:
    assert told(course(decided=40)) == [("unrecorded", 40)]
    opened = ((30, "review_opened", "quality"), (36, "review_closed", "quality"))
    assert told(course(*opened, decided=40))[0] == ("unrecorded", 30)
    assert told(course(*PLAIN[:4], decided=40))[-1] == ("unrecorded", 20)


def test_decided_at_once_has_no_path() -> None:
    assert critical_path(course(decided=0), at(9)) == ()


KINDS = st.sampled_from(
    ["complete", "submitted", "review_opened", "review_closed", "returned", "held", "resumed"]
)
EVENTS = st.lists(
    st.tuples(st.integers(-9, 90), KINDS, st.sampled_from(["", "production", "quality"])),
    max_size=14,
)
MATTERS = st.lists(st.tuples(st.integers(-9, 60), st.none() | st.integers(0, 99)), max_size=4)


@given(EVENTS, MATTERS, st.none() | st.integers(1, 100))
def test_path_covers_every_instant_once_whatever_happened(
    events: list[tuple[int, str, str]],
    matters: list[tuple[int, int | None]],
    decided: int | None,
) -> None:
    made = tuple(
        deviation(f"D{i}", since, None if took is None else since + took)
        for i, (since, took) in enumerate(matters)
    )
    of = course(*sorted(events), decided=decided, matters=made)
    at_us = 0
    for wait in critical_path(of, at(100)):
        assert wait.since_us == at_us < wait.until_us
        assert wait.cause in OWNERS
        at_us = wait.until_us
    assert at_us == at(100 if decided is None else decided)
