"""The MBR change flow page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from daytwo.insight.kpis import asking
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path


def test_legs_of_the_walked_master_are_on_the_page_as_the_engine_has_them(walked: Path) -> None:
    client = signed_in("lea")
    text = client.get("/mbr-flow/").content.decode()
    assert "M-0001 v1" in text
    assert "Longest leg by its median" in text
    taken = client.get("/mbr-flow/?format=parquet&table=legs").content
    legs = {row["leg"]: row for row in pq.read_table(io.BytesIO(taken)).to_pylist()}
    assert len(legs) == 8
    for kpi_id in ("K26", "K26author", "K26validation"):
        found = asking.show(kpi_id)
        assert (legs[kpi_id]["median"], legs[kpi_id]["n"]) == (found.value, found.n)
    assert "<svg" in client.get("/mbr-flow/?part=legs").content.decode()


def test_page_without_changes_says_so(site: Path) -> None:
    client = signed_in("lea")
    text = client.get("/mbr-flow/?line=L1").content.decode()
    assert "No change is open." in text
    assert "not narrowed by line" in text
    assert "Nothing to draw" in client.get("/mbr-flow/?part=legs").content.decode()
