"""The data quality page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from daytwo.doors.web.data_quality.wording import MEANINGS, TIMES, words_of
from daytwo.insight.kpis import integritychecks
from daytwo.insight.kpis.definition import all_definitions
from daytwo.insight.kpis.integritychecks import CHECKS
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

PATH = "/data-quality/"


def rows(path: str) -> list[dict[str, object]]:
    return pq.read_table(io.BytesIO(signed_in("lea").get(path).content)).to_pylist()


def test_each_check_has_a_line_and_leads_to_its_rows(walked: Path) -> None:
    text = signed_in("lea").get(PATH).content.decode()
    for check in CHECKS:
        assert f"/data-quality/{check.id}/" in text
    found = {str(r["check"]): r for r in rows(f"{PATH}?format=parquet&table=letters")}
    by_nobody = found["steps done by nobody on record"]
    assert by_nobody["broken"] == 0
    assert int(str(by_nobody["of"])) > 30
    assert "No record breaks it" in signed_in("lea").get(f"{PATH}performer/").content.decode()


def test_rows_that_break_a_check_lead_to_batch_and_events(walked: Path) -> None:
    found = rows(f"{PATH}without-result/?format=parquet&table=rows")
    assert [r["batch"] for r in found] == ["B-1"]
    assert "/batches/B-1/" in signed_in("lea").get(f"{PATH}without-result/").content.decode()
    assert "/trail/" in signed_in("luis").get(f"{PATH}without-result/").content.decode()
    assert "/trail/" not in signed_in("lea").get(f"{PATH}without-result/").content.decode()


def test_every_check_and_principle_is_said_in_words() -> None:
    assert {check.id for check in integritychecks.TIMES} == set(TIMES)
    assert {check.letter for check in CHECKS} == set(MEANINGS)
    assert words_of(integritychecks.TIMES[0]) == "start of a batch's manufacture"
    assert words_of(CHECKS[0]) == "steps done by nobody on record"


def test_coverage_comes_later_and_holds_every_kpi(walked: Path) -> None:
    assert 'hx-get="?part=coverage"' in signed_in("lea").get(PATH).content.decode()
    text = signed_in("lea").get(f"{PATH}?part=coverage").content.decode()
    assert "by definition" in text
    found = rows(f"{PATH}?format=parquet&table=coverage")
    assert {r["kpi"] for r in found} == {of.id for of in all_definitions()}
    assert rows(f"{PATH}?format=parquet&table=reasons")


def test_nothing_on_record_is_unknown_and_unknown_checks_are_not_found(site: Path) -> None:
    text = signed_in("lea").get(PATH).content.decode()
    assert "Nothing was imported yet." in text
    assert "no jump" in text
    assert "unknown" in text
    assert signed_in("lea").get(f"{PATH}nothing/").status_code == 404
