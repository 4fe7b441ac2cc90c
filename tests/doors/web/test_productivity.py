"""The productivity page: figures of teams of five or more, never of a person."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from daytwo.insight.kpis import productivity as read
from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.standing import standing
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

PATH = "/productivity/"


def test_work_of_two_persons_is_withheld_on_the_page_and_in_the_files(walked: Path) -> None:
    client = signed_in("lea")
    text = client.get(PATH).content.decode()
    assert "withheld" in text
    assert "Olga" not in text
    taken = client.get(f"{PATH}?format=parquet&table=touch").content
    rows = pq.read_table(io.BytesIO(taken)).to_pylist()
    assert rows
    assert {row["plant"] for row in rows} == {None}
    assert {row["p90"] for row in rows} == {None}
    assert not [name for name in rows[0] if name.startswith("team_")]


def test_batches_by_direct_work_are_the_readings(walked: Path) -> None:
    taken = signed_in("lea").get(f"{PATH}?format=parquet&table=direct").content
    rows = pq.read_table(io.BytesIO(taken)).to_pylist()
    found = standing(read.direct, Question()).value
    assert found
    assert [row["hours"] for row in rows] == [d.hours for d in found]


def test_page_without_work_says_so(site: Path) -> None:
    client = signed_in("lea")
    text = client.get(PATH).content.decode()
    assert "No shift is on record" in text
    assert "No step was done" in text
    assert "Nothing to draw" in client.get(f"{PATH}?part=trend").content.decode()
