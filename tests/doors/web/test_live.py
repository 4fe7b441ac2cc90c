"""Live batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.web.live.reading import live
from daytwo.record.batches import commands as b
from tests import floor
from tests.doors.web.conftest import report, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person


def places() -> dict[str, tuple[str, str]]:
    return {p.batch.id: (p.kind, p.waits) for p in live()}


def test_batches_say_what_they_wait_for(walked: Path) -> None:
    assert places() == {"B-2": ("plain", "Weighing"), "B-3": ("plain", "the first step")}


def test_hold_shows_its_reason_and_comes_first(walked: Path, sam: Person) -> None:
    sam.does(b.hold_batch, batch_id="B-3", reason="Humidity too high.")
    assert places()["B-3"] == ("hold", "held, a supervisor")
    assert live()[0].batch.id == "B-3"
    assert live()[0].why == "Humidity too high."
    assert "Humidity too high." in signed_in("olga").get("/live/").content.decode()


def test_step_that_waits_for_a_second_person_wants_a_hand(walked: Path, olga: Person) -> None:
    olga.does(
        b.complete_step,
        batch_id="B-3",
        step_id="DSP-010",
        entry=floor.entry_for("DSP-010", "B-3"),
    )
    assert places()["B-3"] == ("attention", "a second person to verify")


def test_stopped_work_wants_the_answer_of_a_supervisor(walked: Path, olga: Person) -> None:
    report(olga, "B-3", stop_work=True)
    kind, waits = places()["B-3"]
    assert kind == "attention"
    assert waits.endswith("then the answer of a supervisor")
    text = signed_in("sam").get("/live/").content.decode()
    assert "/batches/B-3/exceptions/B-3~2F1/" in text


def test_page_refreshes_itself_without_counting_as_activity(walked: Path) -> None:
    text = signed_in("sam").get("/live/").content.decode()
    assert 'hx-trigger="every 20s"' in text
    assert "X-Passive" in text


def test_empty_floor_says_what_to_do_next(site: Path) -> None:
    assert "No batch is on the floor." in signed_in("sam").get("/live/").content.decode()
