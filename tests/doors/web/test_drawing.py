"""The renderer draws in a process of its own, begins anew when it ended, and holds up nobody."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.web.charts.drawing import Drawer

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 4000
SPEC = {
    "mark": "point",
    "encoding": {
        "x": {"field": "a", "type": "quantitative"},
        "y": {"field": "b", "type": "quantitative"},
    },
}


def spec(count: int) -> str:
    return json.dumps(SPEC | {"data": {"values": [{"a": n, "b": n % 7} for n in range(count)]}})


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    made = Drawer()
    yield made
    made.close()


def test_spec_becomes_an_svg_and_so_does_the_next(drawer: Drawer) -> None:
    first = drawer.draw(spec(2))
    assert first.startswith("<svg")
    assert drawer.draw(spec(2)) == first
    assert len(drawer.draw(spec(200))) > len(first)


def test_spec_that_is_none_is_refused_and_the_next_is_drawn(drawer: Drawer) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        drawer.draw('{"mark": "no such mark"')
    assert drawer.draw(spec(2)).startswith("<svg")


def test_renderer_that_ended_is_started_anew(drawer: Drawer) -> None:
    drawer.draw(spec(2))
    assert drawer._process is not None
    drawer._process.kill()
    drawer._process.wait()
    assert drawer.draw(spec(2)).startswith("<svg")


def test_others_go_on_while_a_chart_is_drawn(drawer: Drawer) -> None:
    drawer.draw(spec(2))
    ticks: list[int] = []
    done = threading.Event()

    def tick() -> None:
        while not done.wait(0.001):
            ticks.append(1)

    other = threading.Thread(target=tick)
    other.start()
    begun = time.perf_counter()
    drawer.draw(spec(MANY))
    taken = time.perf_counter() - begun
    done.set()
    other.join()
    assert len(ticks) > taken / 0.05
