"""Orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.kernel.ids import new_id
from daytwo.record.batches import queries as q
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

ORDER = {
    "master": "M-0001:1",
    "batch_id": "B-9",
    "order_id": "O-9",
    "promised_on": "2026-12-24",
}


def issue(who: str = "sam", **changes: str) -> object:
    return signed_in(who).post("/orders/issue/", {"command_id": new_id(), **ORDER, **changes})


def test_order_is_issued_from_an_effective_master(walked: Path) -> None:
    assert issue()["Location"] == "/live/"
    row = q.batch("B-9")
    assert (row.state, row.promised_on, row.order_id) == ("ready", "2026-12-24", "O-9")
    assert "B-9" in signed_in("olga").get("/orders/").content.decode()


def test_refused_order_keeps_the_entry(walked: Path) -> None:
    answer = issue(batch_id="B-1")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "was given before" in text
    assert 'value="O-9"' in text
    assert 'value="M-0001:1" selected' in text


def test_nonsense_is_refused_in_words(walked: Path) -> None:
    for changes in ({"master": "x"}, {"master": "M-0001:x"}, {"promised_on": "soon"}):
        assert issue(**changes).status_code in {404, 409}
    assert issue(master="M-0001:99999999999999999999").status_code in {404, 409}


def test_nobody_but_a_supervisor_issues(walked: Path) -> None:
    assert issue("olga").status_code == 403
    assert "Issue an order" not in signed_in("olga").get("/orders/").content.decode()


def test_without_a_master_the_page_says_what_to_do(site: Path) -> None:
    text = signed_in("sam").get("/orders/issue/").content.decode()
    assert "There is no effective master batch record." in text
    assert "No order is in hand." in signed_in("sam").get("/orders/").content.decode()
