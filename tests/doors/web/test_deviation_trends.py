"""The deviation trends page."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from django.conf import settings

from daytwo.insight.kpis import asking
from daytwo.record.quality.queries import deviations
from daytwo.record.release import commands as rel
from tests import floor
from tests.conftest import Person
from tests.doors.web.conftest import clean, perform, signed_in

if TYPE_CHECKING:
    from pathlib import Path

PATH = "/deviation-trends/"


@pytest.fixture
def judged(walked: Path) -> str:
    """Have quality make a deviation of the torn bag; return its id."""
    perform(signed_in("sam"), "/batches/B-2/exceptions/B-2~2F1/", answer="Lot changed.")
    clean(Person("sam"))
    floor.do_all(Person("olga"), Person("otto"), "B-2")
    perform(signed_in("sam"), "/batches/B-2/complete/")
    Person("quinn").does(rel.open_review, batch_id="B-2")
    judgement = {"route": "deviation", "classification": "major", "rationale": "Material lost."}
    perform(signed_in("quinn"), "/batches/B-2/exceptions/B-2~2F1/", **judgement)
    return deviations("B-2")[0].id


def test_figures_of_the_page_are_the_engines(judged: str) -> None:
    client = signed_in("lea")
    text = client.get(PATH).content.decode()
    rate = asking.show("K9").value
    assert rate == 50
    assert f'{rate:.1f} <span class="of">per 100 batches' in text
    assert judged in text
    taken = client.get(f"{PATH}?by=severity&format=parquet&table=pareto").content
    rows = pq.read_table(io.BytesIO(taken)).to_pylist()
    assert [(r["severity"], r["n"], r["open"], r["deviations"]) for r in rows] == [
        ("major", 1, 1, judged)
    ]
    (row,) = csv.DictReader(
        client.get(f"{PATH}?format=csv&table=open").content.decode().split("\r\n")
    )
    assert (row["Deviation"], float(row["Days"]) < 1) == (judged, True)


def test_deviations_are_told_apart_by_the_shift_of_the_site(
    judged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SITE_SHIFTS", (0,))
    client = signed_in("lea")
    taken = client.get(f"{PATH}?by=shift&format=csv&table=pareto").content.decode()
    assert taken.splitlines()[1].startswith("00:00-00:00,1,")
    assert "00:00-00:00" in client.get(f"/kpis/K10/?by=shift&find={judged}").content.decode()


def test_charts_come_apart_from_the_page(judged: str) -> None:
    client = signed_in("lea")
    assert "<svg" in client.get(f"{PATH}?part=pareto&by=severity").content.decode()
    assert "<svg" in client.get(f"{PATH}?part=rate").content.decode()
    assert "still open are in it" in client.get(f"{PATH}?part=survival").content.decode()


def test_page_without_deviations_says_so(site: Path) -> None:
    text = signed_in("lea").get(f"{PATH}?by=nonsense&period=nonsense").content.decode()
    assert "No deviation was put on record" in text
    assert "unknown" in text
    assert "There is no such period" in text
    assert "Nothing to draw" in signed_in("lea").get(f"{PATH}?part=pareto").content.decode()
    assert "Nothing to draw" in signed_in("lea").get(f"{PATH}?part=survival").content.decode()
