"""What a page says its figures are of, and what a file waits for."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.test import RequestFactory

from daytwo.doors.web import standings
from daytwo.insight.facts.follow import current
from daytwo.insight.kpis import standing as module
from tests import floor
from tests.conftest import Person
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpRequest

    from daytwo.insight.kpis.subjects import Facts

begun = threading.Event()
gate = threading.Event()


def batches(facts: Facts, _: str) -> int:
    begun.set()
    gate.wait(20)
    return len(facts.engine.rows(facts.table("batch").select("batch_id")))


def get(query: str = "") -> HttpRequest:
    return RequestFactory().get(f"/productivity/{query}")


@pytest.fixture(autouse=True)
def fresh() -> None:
    gate.set()
    begun.clear()
    module._entries.clear()


def master() -> None:
    floor.approve_master(Person("aron"), Person("sam"), Person("quinn"))
    floor.stock(Person("sam"), Person("quinn"), times=2)


def test_page_says_of_which_event_its_oldest_answer_is(site: Path) -> None:
    master()
    request = get()
    assert standings.stood(request) is None
    assert standings.told(request, batches, "a") == 0
    first = standings.stood(request)
    assert first is not None
    assert (first.seq, first.fresh) == (current().seq, True)
    floor.issue(Person("sam"), "B-1")
    assert standings.told(request, batches, "b") == 1
    assert standings.stood(request) == replace(first, fresh=False)


def test_answer_from_before_is_said_to_be_one(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    master()
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    standings.told(get(), batches, "c")
    gate.clear()
    floor.issue(Person("sam"), "B-1")
    request = get()
    assert standings.told(request, batches, "c") == 0
    said = standings.stood(request)
    assert said is not None
    assert not said.fresh
    gate.set()


def test_file_is_of_every_event_though_an_older_answer_was_under_way(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    master()
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    monkeypatch.setattr(module, "REST", 0)
    assert standings.told(get(), batches, "d") == 0
    gate.clear()
    floor.issue(Person("sam"), "B-1")
    begun.clear()
    standings.told(get(), batches, "d")
    assert begun.wait(20)
    floor.issue(Person("sam"), "B-2")
    with ThreadPoolExecutor(1) as pool:
        request = get("?format=csv")
        current()
        asked = pool.submit(_elsewhere, request)
        gate.set()
        assert asked.result() == 2


def _elsewhere(request: HttpRequest) -> int:
    from django.db import connection

    try:
        return standings.told(request, batches, "d")
    finally:
        connection.close()


FIGURES = ("leadership", "kpis", "kpis/K1", "release-flow", "deviation-trends", "mbr-flow")


def test_every_page_of_figures_says_it_once(walked: Path) -> None:
    reader = signed_in("lea")
    for path in (*FIGURES, "productivity", "decay", "data-quality", "leadership/lost/assembly"):
        assert reader.get(f"/{path}/").content.decode().count("As of event") == 1, path
    assert "As of event" not in reader.get("/batches/").content.decode()
