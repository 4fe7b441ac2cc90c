"""An answer that stands: made once, told with its number, replaced when the ledger moves."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.insight.facts.follow import current
from daytwo.insight.kpis import standing as module
from daytwo.insight.kpis.standing import standing
from tests import floor
from tests.conftest import Person

if TYPE_CHECKING:
    from pathlib import Path

    from daytwo.insight.kpis.subjects import Facts

made: list[Any] = []
gate = threading.Event()


def reading(facts: Facts, name: str) -> tuple[str, int]:
    made.append(name)
    gate.wait(20)
    return name, len(facts.engine.rows(facts.table("batch").select("batch_id")))


@pytest.fixture(autouse=True)
def fresh() -> None:
    made.clear()
    gate.set()
    module._entries.clear()


def test_answer_is_made_once_for_a_state(site: Path) -> None:
    first, second = standing(reading, "x"), standing(reading, "x")
    assert made == ["x"]
    assert second == first
    assert first.fresh
    assert first.seq == current().seq
    assert standing(reading, "y").value[0] == "y"


def test_many_at_once_cost_one_computation(site: Path) -> None:
    current()
    gate.clear()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(standing, reading, "many") for _ in range(8)]
        while not made:
            pass
        gate.set()
        values = {one.result().value for one in asked}
    assert (made, len(values)) == (["many"], 1)


def test_answer_before_stands_while_a_newer_one_is_made(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    before = standing(reading, "z")
    gate.clear()
    plant(site)
    meanwhile = standing(reading, "z")
    assert (meanwhile.value, meanwhile.seq, meanwhile.fresh) == (before.value, before.seq, False)
    gate.set()
    monkeypatch.setattr(module, "PATIENCE_S", 20)
    after = standing(reading, "z")
    assert after.fresh
    assert after.value == ("z", before.value[1] + 1)


def test_ledger_that_moves_all_the_time_leaves_a_rest_between_computations(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REST", 1e9)
    monkeypatch.setattr(module, "REST_MOST_S", 0.4)
    monkeypatch.setattr(module, "PATIENCE_S", 20)
    before = standing(reading, "rest")
    plant(site)
    (entry,) = module._entries.values()
    entry.rested_at = monotonic() + 0.4
    assert standing(reading, "rest").seq == before.seq
    assert made == ["rest"]
    sleep(0.45)
    assert standing(reading, "rest").fresh
    assert made == ["rest", "rest"]
    assert 0 < entry.rested_at - monotonic() <= 0.4


def test_whoever_has_no_patience_gets_what_stands_and_starts_the_work(site: Path) -> None:
    before = standing(reading, "now")
    plant(site)
    (entry,) = module._entries.values()
    entry.rested_at = 0
    gate.clear()
    assert standing(reading, "now", patience_s=0).seq == before.seq
    gate.set()
    while entry.work is not None:
        sleep(0.01)
    assert standing(reading, "now", patience_s=0).fresh


def test_failing_reading_fails_for_whoever_asks_and_is_tried_again(site: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        standing(failing)
    with pytest.raises(ZeroDivisionError):
        standing(failing)


def test_what_is_shown_of_an_answer_is_made_once_and_goes_with_it(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 20)
    shown: list[str] = []

    def show(what: str) -> str:
        shown.append(what)
        return what

    for _ in range(2):
        assert standing(reading, "x").once("en", lambda: show("in English")) == "in English"
    assert standing(reading, "x").once("de", lambda: show("auf Deutsch")) == "auf Deutsch"
    assert standing(reading, "y").once("en", lambda: show("of another")) == "of another"
    plant(site)
    for entry in module._entries.values():
        entry.rested_at = 0
    assert standing(reading, "x").once("en", lambda: show("newer")) == "newer"
    assert shown == ["in English", "auf Deutsch", "of another", "newer"]


def test_many_who_look_at_once_wait_for_one_and_a_failure_is_tried_again(site: Path) -> None:
    answer, begun, go_on = standing(reading, "x"), [], threading.Event()

    def slow() -> str:
        begun.append(1)
        go_on.wait(20)
        return "shown"

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(standing(reading, "x").once, "page", slow) for _ in range(8)]
        while not begun:
            sleep(0.001)
        go_on.set()
        assert {one.result() for one in asked} == {"shown"}
    assert begun == [1]
    with pytest.raises(ZeroDivisionError):
        answer.once("broken", lambda: 1 / 0)
    assert answer.once("broken", lambda: 2.0) == 2.0


def failing(facts: Facts) -> float:
    return 1 / 0


def plant(site: Path) -> None:
    """Let a batch be issued: the ledger moves, and there is one batch more."""
    sam = Person("sam")
    floor.approve_master(Person("aron"), sam, Person("quinn"))
    floor.stock(sam, Person("quinn"), times=2)
    floor.issue(sam, "B-1")
