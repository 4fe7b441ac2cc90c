"""KPI pages."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from daytwo.insight.kpis import asking
from daytwo.insight.kpis import definition as registry
from daytwo.insight.kpis.definition import all_definitions, definition
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_kpi_shows_value_n_coverage_and_what_was_left_out(walked: Path) -> None:
    text = signed_in("lea").get("/kpis/K1/").content.decode()
    assert "n 1 ·" in text
    assert "interval unknown" in text
    assert "too few: no interval of a median is given" in text
    assert "left out: manufacture has not ended" in text
    assert "together" in text


def test_kpi_without_data_is_unknown_not_zero(site: Path) -> None:
    client = signed_in("lea")
    assert "unknown" in client.get("/kpis/").content.decode()
    text = client.get("/kpis/K1/").content.decode()
    assert "unknown: nothing counts in this period" in text
    assert "No subject fits." in text
    assert "Nothing to draw yet" in client.get("/kpis/K1/charts/trend/").content.decode()
    assert "Nothing to draw yet" in client.get("/kpis/K1/charts/groups/").content.decode()


def test_numbers_on_the_page_are_the_engines(walked: Path) -> None:
    found = asking.show("K1")
    assert found.value is not None
    text = signed_in("lea").get("/kpis/K1/?period=all").content.decode()
    counted = f'<dt class="number">{found.counted}</dt><dd>counted</dd>'
    assert counted in text
    assert f'<dt class="number">{found.subjects}</dt>' in text
    taken = signed_in("lea").get("/kpis/K1/?period=all&format=parquet").content
    values = pq.read_table(BytesIO(taken))["value"].drop_null().to_pylist()
    assert values == [found.value]


def test_figure_is_split_by_what_its_subjects_tell(walked: Path) -> None:
    client = signed_in("lea")
    text = client.get("/kpis/K1/?by=line").content.decode()
    assert 'aria-current="true">Line</a>' in text
    groups = client.get("/kpis/K1/?by=product_code&format=csv&table=groups").content.decode()
    assert groups.splitlines()[0] == "Group,Value,n,95 % from,95 % to,P90,Open,Coverage"
    assert groups.splitlines()[1].startswith("MET-50,")
    drawn = client.get("/kpis/K1/charts/groups/?by=product_code").content.decode()
    assert "MET-50" in drawn
    assert "<html" not in drawn


def test_trend_is_drawn_with_its_table(walked: Path) -> None:
    text = signed_in("lea").get("/kpis/K1/charts/trend/").content.decode()
    assert 'role="img"' in text
    assert "XmR chart" in text


def test_every_definition_has_a_page(walked: Path) -> None:
    client = signed_in("lea")
    for of in all_definitions():
        answer = client.get(f"/kpis/{of.id}/?period=all")
        assert answer.status_code == 200, of.id
        assert of.name in answer.content.decode()


def test_two_versions_stand_side_by_side(walked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = replace(definition("K1"), version=2, effective_from="2026-12-01", formula="another")
    monkeypatch.setitem(registry._REGISTRY, ("K1", 2), second)
    text = signed_in("lea").get("/kpis/K1/?period=all").content.decode()
    assert "Versions of the definition side by side" in text
    assert "definition version 2" in text
    assert "2026-12-01" in text
    old = signed_in("lea").get("/kpis/K1/?period=all&version=1").content.decode()
    assert "definition version 1" in old


def test_version_that_is_none_is_refused(walked: Path) -> None:
    assert signed_in("lea").get("/kpis/K1/?version=new").status_code == 409
    assert signed_in("lea").get("/kpis/K1/?version=9").status_code == 404


def test_value_is_explained_down_to_its_events(walked: Path) -> None:
    text = signed_in("luis").get("/kpis/K1/B-1/").content.decode()
    assert "batch.manufacture.ended" in text
    assert "release.batch.decided" in text
    assert "/trail/" in text
    assert "Every event of it" in text
    assert "/trail/" not in signed_in("lea").get("/kpis/K1/B-1/").content.decode()
    assert "manufacture has not ended" in signed_in("lea").get("/kpis/K1/B-2/").content.decode()


def test_figures_can_be_narrowed_and_taken_away_as_csv(walked: Path) -> None:
    client = signed_in("lea")
    assert "n 1 ·" in client.get("/kpis/K1/?product=MET-50").content.decode()
    assert "n 0" in client.get("/kpis/K1/?product=none").content.decode()
    assert client.get("/kpis/K1/?format=csv").content.decode().startswith("Subject,Value")


def test_unknown_kpi_and_subject_are_not_found(walked: Path) -> None:
    assert signed_in("lea").get("/kpis/K99/").status_code == 404
    assert signed_in("lea").get("/kpis/K1/nobody/").status_code == 404
