"""The registry: every fact found, every event type known, the order free of circles."""

from __future__ import annotations

from typing import Any

import pytest

from daytwo.insight.facts.declare import Fact, Fold, text
from daytwo.insight.facts.registry import all_facts, by_name, check, fact, in_order, plan, planned
from daytwo.kernel.errors import Fault, Unknown
from daytwo.record.ledger.catalogue import entries

FOLD = Fold(lambda it: ((it.seq,),), lambda _row, _it: {})


def made(name: str, **more: Any) -> Fact:
    rest: dict[str, Any] = {"grain": "g", "key": text("k", "k"), "anchor": (), "own": ()}
    return Fact(name=name, folds={"a.happened": FOLD}, **(rest | more))


def test_every_fact_folds_known_events_and_has_a_name_of_its_own() -> None:
    check(all_facts(), (entry.name for entry in entries()))
    assert len(all_facts()) == len(by_name()) == 18


def test_event_that_no_catalogue_has_is_refused() -> None:
    with pytest.raises(Fault, match="happened"):
        check([made("x")], ["b.happened"])


def test_two_facts_of_one_name_are_refused() -> None:
    with pytest.raises(Fault, match="one name"):
        check([made("x"), made("x")], ["a.happened"])


def test_fact_comes_behind_those_whose_rows_it_reads() -> None:
    one, two = made("one", after=("two",)), made("two")
    assert [f.name for f in in_order([one, two])] == ["two", "one"]
    assert [f.name for f, _ in planned([one, two])["a.happened"]] == ["two", "one"]


def test_circle_and_stranger_are_refused() -> None:
    one = made("one", after=("two",))
    with pytest.raises(Fault, match="each other"):
        in_order([one, made("two", after=("one",))])
    with pytest.raises(Fault, match="do not exist"):
        in_order([one])


def test_batch_is_folded_behind_its_steps() -> None:
    names = [f.name for f, _ in plan()["batch.step.completed"]]
    assert names.index("step") < names.index("batch")


def test_unknown_fact_is_named_with_those_there_are() -> None:
    assert fact("batch").key_names == ("batch_id",)
    with pytest.raises(Unknown, match="deviation"):
        fact("none")
