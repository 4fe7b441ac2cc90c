"""The page of decay since go-live: its words, its tables, the way down to steps."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from daytwo.doors.web.decay import saying
from daytwo.insight.detection.decay import MEASURES, decay
from tests.doors.web.conftest import signed_in
from tests.insight.detection.test_decay import NOW, plant
from tests.insight.kpis.plant import facts

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PATH = "/decay/"


def rows(path: str) -> list[dict[str, object]]:
    return pq.read_table(io.BytesIO(signed_in("lea").get(path).content)).to_pylist()


def test_first_months_say_that_nothing_can_be_said_yet(walked: Path) -> None:
    text = signed_in("lea").get(PATH).content.decode()
    assert "The record does not hold the go-live of site main" in text
    assert "not one whole month has passed" in text
    assert "how long signing takes is unknown" in text.lower()
    assert "No step went another way" in signed_in("lea").get(f"{PATH}steps/").content.decode()
    assert signed_in("lea").get(f"{PATH}steps/?month=99").status_code == 404


def test_site_without_batches_has_no_go_live(site: Path) -> None:
    assert "Go-live is unknown" in signed_in("lea").get(PATH).content.decode()


def test_page_shows_the_readings_figures(walked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = facts(now=NOW, **plant(*[2] * 10, *[8] * 10))
    module = "daytwo.doors.web.decay.page"
    monkeypatch.setattr(f"{module}.told", lambda _, reading, *args: reading(given, *args))
    text = signed_in("lea").get(PATH).content.decode()
    found = decay(given, ())
    for measure in found.decaying:
        assert saying.verdict(measure) in text.replace("&nbsp;", "\u00a0")
    assert "its level moved in month 11" in text
    assert [r["measure"] for r in rows(f"{PATH}?format=parquet&table=measures")] == list(MEASURES)
    months = rows(f"{PATH}?format=parquet&table=months")
    assert [r["workarounds"] for r in months] == [m.workarounds for m in found.months]
    listed = rows(f"{PATH}steps/?month=11&format=parquet&table=steps")
    assert len(listed) == found.months[10].workarounds
    assert "/decay/steps/?month=11" in text
    chart = signed_in("lea").get(f"{PATH}?part=K30").content.decode()
    assert "<svg" in chart
    assert "1 changes of level" in chart
    assert "Nothing to draw" in signed_in("lea").get(f"{PATH}?part=K0").content.decode()
