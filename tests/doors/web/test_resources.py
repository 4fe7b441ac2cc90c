"""Lots and equipment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.doors.web.resources.reading import history, logbook
from daytwo.kernel.clock import instant
from daytwo.kernel.ids import new_id
from daytwo.record.resources.models import Equipment, MaterialLot
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

LOT = {
    "lot_id": "L-77",
    "material_code": "RM-1001",
    "material_name": "Metoprolol tartrate",
    "quantity": "25.000 kg",
    "expires_on": "2028-01-31",
    "supplier": "Alpha",
}
PRESS = "/resources/equipment/B-balance-01/"


def test_lot_is_received_into_quarantine_and_released_by_quality(walked: Path) -> None:
    answer = signed_in("sam").post("/resources/receive/", {"command_id": new_id(), **LOT})
    assert answer["Location"] == "/resources/lots/L-77/"
    assert MaterialLot.objects.get(id="L-77").status == "quarantine"
    change = {"command_id": new_id(), "status": "released", "reason": "Tested."}
    assert signed_in("sam").post("/resources/lots/L-77/", change).status_code == 403
    assert signed_in("quinn").post("/resources/lots/L-77/", change).status_code == 302
    assert MaterialLot.objects.get(id="L-77").status == "released"
    told = [(line.what, line.who, line.reason) for line in history("L-77")]
    assert told == [("released", "Quinn Meier", "Tested."), ("received", "Sam Keller", "")]


@pytest.mark.parametrize(
    "change", [{"quantity": "much"}, {"quantity": "-1 kg"}, {"expires_on": "soon"}, {"lot_id": ""}]
)
def test_refused_lot_keeps_the_entry(change: dict[str, str], walked: Path) -> None:
    sent = {"command_id": new_id(), **LOT, **change}
    answer = signed_in("sam").post("/resources/receive/", sent)
    assert answer.status_code == 409, answer
    assert 'value="Alpha"' in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": "25 kilos"}, "quantity"),
        ({"quantity": "-1 kg"}, "quantity"),
        ({"expires_on": "soon"}, "expires_on"),
        ({"lot_id": "L 7 7"}, "lot_id"),
    ],
)
def test_refused_lot_says_so_at_the_field(change: dict[str, str], field: str, walked: Path) -> None:
    sent = {"command_id": new_id(), **LOT, **change}
    text = signed_in("sam").post("/resources/receive/", sent).content.decode()
    assert f'id="{field}-wrong" role="alert"' in text
    assert "lot_id must be" not in text
    assert text.count("data-focus") == 1


def test_lot_shows_every_batch_that_it_went_into(walked: Path) -> None:
    text = signed_in("sam").get("/resources/lots/L-RM-1001-01/").content.decode()
    assert "/batches/B-1/" in text
    assert "/batches/B-2/" in text
    assert signed_in("sam").get("/resources/lots/none/").status_code == 404


def test_logbook_lists_uses_and_cleanings_with_who_the_latest_first(walked: Path) -> None:
    sent = {"command_id": new_id(), "what": "cleaning", "until": "2099-07-01T12:00"}
    assert signed_in("sam").post(PRESS, sent).status_code == 302
    lines = logbook("B-balance-01")
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    assert {line.what for line in lines} >= {"used", "cleaned", "registered"}
    cleaned = next(line for line in lines if line.what == "cleaned")
    assert cleaned.who == "Sam Keller"
    assert cleaned.until is not None
    used = [line for line in lines if line.what == "used"]
    assert {line.batch_id for line in used} == {"B-1", "B-2"}
    assert {line.who for line in used} == {"Olga Brandt"}
    text = signed_in("olga").get(PRESS).content.decode()
    assert text.index("cleaned") < text.index("/batches/B-2/") < text.index("/batches/B-1/")
    assert signed_in("olga").get("/resources/equipment/none/").status_code == 404


def test_cleaning_is_recorded_in_the_zone_of_the_site(walked: Path) -> None:
    sent = {"command_id": new_id(), "what": "cleaning", "until": "2099-07-01T12:00"}
    assert signed_in("olga").post(PRESS, sent).status_code == 403
    assert signed_in("sam").post(PRESS, sent).status_code == 302
    stored = Equipment.objects.get(id="B-balance-01").clean_until
    assert instant(stored).isoformat() == "2099-07-01T10:00:00+00:00"


def test_calibration_without_a_time_is_refused_in_words(walked: Path) -> None:
    for until in ("", "tomorrow", "2001-01-01T00:00"):
        sent = {"command_id": new_id(), "what": "calibration", "until": until}
        assert signed_in("sam").post(PRESS, sent).status_code == 409
    sent = {"command_id": new_id(), "what": "calibration", "until": "2099-01-01T00:00"}
    assert signed_in("sam").post(PRESS, sent).status_code == 302


def test_run_out_times_show_as_such(walked: Path) -> None:
    Equipment.objects.filter(id="B-balance-01").update(clean_until="2020-01-01T00:00:00.000000Z")
    assert "run out" in signed_in("olga").get("/resources/equipment/").content.decode()
