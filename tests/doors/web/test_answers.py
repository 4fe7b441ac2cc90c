"""How a view answers: the shell around a page, the rail, the way on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from daytwo.doors.web import answers
from daytwo.doors.web.session import GRAIN_SECONDS
from daytwo.record.access.rules import IDLE_SECONDS
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path


def rail(text: str) -> list[str]:
    part = text.partition('<nav aria-label="Main">')[2].partition("</nav>")[0]
    return re.findall(r"<a [^>]*>([^<]+)</a>", part)


def test_rail_shows_only_what_the_visitor_may_open(site: Path) -> None:
    assert "People" not in rail(signed_in("olga").get("/live/").content.decode())
    assert rail(signed_in("ada").get("/people/").content.decode()) == [
        "Imports",
        "Ledger",
        "People",
    ]
    assert rail(signed_in("stan").get("/account/").content.decode()) == []


def test_rail_marks_the_page_also_from_below_it(walked: Path) -> None:
    for path in ("/batches/", "/batches/B-1/", "/batches/B-2/exceptions/B-2~2F1/"):
        text = signed_in("sam").get(path).content.decode()
        assert re.findall(r'href="([^"]+)" aria-current="page"', text) == ["/batches/"], path


def test_page_warns_before_the_server_ends_the_session(site: Path) -> None:
    text = signed_in("sam").get("/live/").content.decode()
    assert f'data-idle="{IDLE_SECONDS - GRAIN_SECONDS}"' in text


def test_way_on_names_view_and_place() -> None:
    assert answers.go("batches.batch", fragment="hold", batch_id="B-1")["Location"] == (
        "/batches/B-1/#hold"
    )
