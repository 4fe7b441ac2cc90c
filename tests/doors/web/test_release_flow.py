"""The release flow page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from daytwo.insight.kpis.flowtables import one_flow
from daytwo.insight.kpis.standing import standing
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path


def test_days_of_the_walked_batch_are_on_the_page_as_the_reading_has_them(walked: Path) -> None:
    client = signed_in("lea")
    text = client.get("/release-flow/").content.decode()
    assert "Most days go to:" in text
    assert "B-1" in text
    flow = standing(one_flow, "B-1").value
    assert flow is not None
    answer = client.get("/release-flow/?format=parquet&table=lost")
    rows = pq.read_table(io.BytesIO(answer.content)).to_pylist()
    assert {row["cause"]: row["days"] * 24 for row in rows} == pytest.approx(flow.legs)
    csv = client.get("/release-flow/?format=csv&table=slowest").content.decode()
    assert csv.splitlines()[1].startswith("B-1,")


def test_way_of_a_batch_leads_down_to_its_events(walked: Path) -> None:
    text = signed_in("luis").get("/release-flow/B-1/").content.decode()
    assert "Decided" in text
    assert "/trail/" in text
    assert "/trail/" not in signed_in("lea").get("/release-flow/B-1/").content.decode()
    csv = signed_in("lea").get("/release-flow/B-1/?format=csv&table=events").content.decode()
    assert "ended," in csv


def test_charts_come_apart_from_the_page(walked: Path) -> None:
    client = signed_in("lea")
    assert "<svg" in client.get("/release-flow/?part=days").content.decode()
    assert "<svg" in client.get("/release-flow/B-1/?part=strip").content.decode()
    assert "Nothing to draw" in client.get("/release-flow/B-3/?part=strip").content.decode()
    assert 'hx-get="?part=days' in client.get("/release-flow/").content.decode()


def test_nothing_to_tell_is_said(walked: Path, site: Path) -> None:
    client = signed_in("lea")
    assert "No batch waited" in client.get("/release-flow/?product=none").content.decode()
    assert "has not ended" in client.get("/release-flow/B-2/").content.decode()
    assert client.get("/release-flow/nobody/").status_code == 404
