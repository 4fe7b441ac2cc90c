"""The leadership page: the engine's numbers, one next step, its parts, and who may see it."""

from __future__ import annotations

import json
import re
import time
from io import BytesIO
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daytwo.doors.web import causes
from daytwo.insight.detection.board import CORE
from daytwo.insight.kpis import asking
from daytwo.record.batches import commands as b
from tests import floor
from tests.conftest import Person
from tests.doors.web.conftest import clean, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize(
    "path",
    ["/leadership/", "/leadership/live/", "/leadership/charts/K1/", "/leadership/lost/laboratory/"],
)
def test_only_who_may_see_figures(walked: Path, anyone: Client, path: str) -> None:
    assert anyone.get(path).status_code == 302
    assert signed_in("ada").get(path).status_code == 403
    assert signed_in("lea").get(path).status_code == 200


def test_numbers_on_the_page_are_the_engines(walked: Path) -> None:
    taken = signed_in("lea").get("/leadership/?period=all&format=parquet").content
    rows = {row["id"]: row for row in pq.read_table(BytesIO(taken)).to_pylist()}
    assert list(rows) == list(CORE)
    for kpi_id, row in rows.items():
        found = asking.show(kpi_id)
        assert (row["value"], row["n"]) == (found.value, found.n)
    shown = text(signed_in("lea"), "/leadership/?period=all")
    k1 = asking.show("K1")
    assert f"n {k1.n} ·" in shown
    assert all(asking.show(kpi_id).definition.name in shown for kpi_id in CORE)


def test_one_next_step_leads_to_the_waits_and_on_to_the_events(walked: Path) -> None:
    """Three clicks: the cause, the batch, its events."""
    client = signed_in("quentin")
    page = text(client, "/leadership/")
    first = re.search(r'class="button primary" href="(/leadership/lost/[^"]+)"', page)
    assert first
    waits = text(client, first[1])
    batch = re.search(r'href="(/kpis/K1/B-[^"]+)"', waits)
    assert batch
    explained = text(client, batch[1])
    assert "batch.manufacture.ended" in explained
    assert "SHA-256" in explained


def test_waits_of_a_cause_add_up_to_what_is_said_of_it(walked: Path) -> None:
    client = signed_in("lea")
    lost = pq.read_table(
        BytesIO(client.get("/leadership/?format=parquet&table=lost").content)
    ).to_pylist()
    assert lost
    assert sum(row["share_pct"] for row in lost) == pytest.approx(100)
    for key in causes.CAUSES:
        rows = client.get(f"/leadership/lost/{key}/?format=parquet")
        assert rows.status_code == 200
    assert client.get("/leadership/lost/weather/").status_code == 404


def test_filter_narrows_and_says_what_it_cannot_narrow(walked: Path) -> None:
    page = text(signed_in("lea"), "/leadership/?product=none")
    assert "unknown: nothing counts in this period" in page
    assert "Not narrowed by product" in page
    assert "No finished batch was on its way" in page


def test_empty_site_is_unknown_and_says_what_to_do(site: Path) -> None:
    page = text(signed_in("lea"), "/leadership/")
    assert page.count("unknown: nothing counts in this period") == len(CORE)
    assert "Nothing is open." in page
    assert "Nothing to draw yet" in text(signed_in("lea"), "/leadership/charts/legs/")


def test_page_asks_and_gets_nothing_until_the_ledger_moves(walked: Path) -> None:
    client = signed_in("lea")
    page = text(client, "/leadership/")
    asks = re.search(r'hx-get="(/leadership/live/\?seen=[^"]+)"', page)
    assert asks
    live = asks[1].replace("&amp;", "&")
    assert client.get(live).status_code == 204
    sam = Person("sam")
    clean(sam)
    floor.issue(sam, "B-9")
    sam.does(b.hold_batch, batch_id="B-9", reason="a test")
    moved = client.get(live)
    for _ in range(100):
        if moved.status_code == 200:
            break
        time.sleep(0.1)
        moved = client.get(live)
    assert moved.status_code == 200
    assert "HX-Trigger-After-Swap" not in moved, "an order that is held moves no chart"
    assert b"<html" not in moved.content
    assert b'id="board"' in moved.content


def test_chart_is_asked_for_again_when_it_would_be_drawn_otherwise(walked: Path) -> None:
    client = signed_in("lea")
    page = text(client, "/leadership/")
    asks = re.search(r'hx-get="(/leadership/live/\?[^"]+)"', page)
    assert asks
    live = asks[1].replace("&amp;", "&")
    marks = re.search(r"drawn=([0-9a-f.]+)", live)
    assert marks
    mine = marks[1].split(".")
    assert len(mine) == len(CORE) + 1
    for missing, name in ((0, "legs"), (1, "K1"), (6, "K26")):
        had = ".".join(mark for mark in mine if mark != mine[missing])
        seen = re.sub(r"seen=[^&]+", "seen=before", live.replace(marks[1], had))
        told = client.get(seen)["HX-Trigger-After-Swap"].split(", ")
        assert f"moved-{name}" in told
        assert len(told) == mine.count(mine[missing])
    assert 'hx-trigger="intersect once, moved-K1 from:body"' in page
    assert 'hx-trigger="load, moved-legs from:body"' in page


def test_charts_come_after_the_page_and_have_words_and_a_table(walked: Path) -> None:
    client = signed_in("lea")
    assert "<svg" in text(client, "/leadership/")  # sparklines and icons
    assert 'role="img"' in text(client, "/leadership/charts/legs/")
    chart = text(client, "/leadership/charts/K9/")
    assert "u chart" in chart
    assert "The same as a table" in chart
    assert client.get("/leadership/charts/K99/").status_code == 404


def test_as_many_questions_to_the_database_however_often(walked: Path) -> None:
    client = signed_in("lea")
    client.get("/leadership/")
    with CaptureQueriesContext(connection) as first:
        client.get("/leadership/")
    with CaptureQueriesContext(connection) as second:
        client.get("/leadership/?product=MET-50&period=all")
    assert len(second) <= len(first) + 1
    assert len(first) < 20


def test_downloads_are_named(walked: Path) -> None:
    answer = signed_in("lea").get("/leadership/?format=csv&table=open")
    assert answer["Content-Disposition"] == 'attachment; filename="open.csv"'
    assert answer.content.decode().startswith("Open,Kind,Since,Days")
    assert json.dumps(answer.headers["Content-Type"]) == '"text/csv; charset=utf-8"'
