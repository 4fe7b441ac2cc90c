"""Folds that many facts share."""

from __future__ import annotations

from typing import Any

import pytest

from daytwo.insight.facts.declare import STATE
from daytwo.insight.facts.folds import (
    MINUTE_US,
    by,
    earliest,
    first,
    last,
    latest,
    moved,
    once,
    stopped,
    went_on,
)
from daytwo.insight.facts.happening import Happening
from tests.insight.facts.telling import at, recorded


def it(when: str, seq: int = 1, **said: Any) -> Happening:
    return Happening(recorded(seq, "a.happened", when, **said), lambda _fact, _key: None)


def test_keys_need_every_field() -> None:
    assert by("a", "b")(it("2026-01-01", a="x", b="y")) == (("x", "y"),)
    assert by("a", "b")(it("2026-01-01", a="x", b="")) == ()


@pytest.mark.parametrize(
    ("known", "seq", "early", "late"),
    [(None, None, True, True), ("2026-01-02", 5, True, False), ("2025-12-01", 5, False, True)],
)
def test_earliest_and_latest(known: str | None, seq: int, early: bool, late: bool) -> None:
    row = {"x_us": known and at(known), "x_seq": seq}
    new = {"x_us": at("2026-01-01"), "x_seq": 1}
    assert earliest(row, "x", it("2026-01-01")) == (new if early else {})
    assert latest(row, "x", it("2026-01-01")) == (new if late else {})
    assert first(by("a"), "x").apply(row, it("2026-01-01")) == (new if early else {})
    assert last(by("a"), "x").apply(row, it("2026-01-01")) == (new if late else {})


def test_once_copies_what_is_said() -> None:
    fold = once(by("a"), "x", name="title", other="none")
    changes = fold.apply({"x_us": None}, it("2026-01-01", title="T", none=""))
    assert changes == {"x_us": at("2026-01-01"), "name": "T"}


def test_moved_date_keeps_the_first() -> None:
    row = {"due_first_on": None, "due_on": None, "due_moves": 0}
    changes = moved(row, it("2026-01-01", due_on="2026-03-01", previous="2026-02-01"))
    assert changes == {"due_first_on": "2026-02-01", "due_on": "2026-03-01", "due_moves": 1}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_interruption_is_counted_whichever_end_is_told_first(order: tuple[int, int]) -> None:
    row: dict[str, Any] = {"p": 1.0, STATE: {"other": 1}}
    ends = ((stopped, it("2026-01-01T08:00")), (went_on, it("2026-01-01T08:20")))
    for place in order:
        fold, happening = ends[place]
        row.update(fold(row, happening, "p", MINUTE_US))
    assert row == {"p": 21.0, STATE: {"other": 1}}


def test_interruption_that_lasts_counts_nothing_yet() -> None:
    row: dict[str, Any] = {"p": 0.0, STATE: {}}
    row.update(stopped(row, it("2026-01-01T08:00"), "p", MINUTE_US))
    assert row["p"] == 0.0
