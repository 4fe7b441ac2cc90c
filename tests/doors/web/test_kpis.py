"""KPI pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path


def test_kpi_shows_value_n_coverage_and_what_was_left_out(walked: Path) -> None:
    text = signed_in("lea").get("/kpis/K1/").content.decode()
    assert "n 1 ·" in text
    assert "interval unknown: n below 6" in text
    assert "manufacture has not ended" in text
    assert "coverage 100" in text
    assert 'role="img"' in text


def test_kpi_without_data_is_unknown_not_zero(site: Path) -> None:
    text = signed_in("lea").get("/kpis/").content.decode()
    assert "unknown" in text
    assert "Nothing counts yet" in text
    assert "Nothing to draw yet." in signed_in("lea").get("/kpis/K1/").content.decode()


def test_value_is_explained_down_to_its_events(walked: Path) -> None:
    text = signed_in("luis").get("/kpis/K1/B-1/").content.decode()
    assert "batch.manufacture.ended" in text
    assert "release.batch.decided" in text
    assert "/trail/" in text
    assert "/trail/" not in signed_in("lea").get("/kpis/K1/B-1/").content.decode()
    assert "manufacture has not ended" in signed_in("lea").get("/kpis/K1/B-2/").content.decode()


def test_figures_can_be_narrowed_and_taken_away_as_csv(walked: Path) -> None:
    client = signed_in("lea")
    assert "n 0 ·" not in client.get("/kpis/K1/?product=MET-50").content.decode()
    assert "Nothing counts yet" in client.get("/kpis/K1/?product=none").content.decode()
    assert client.get("/kpis/K1/?format=csv").content.decode().startswith("Subject,Value")


def test_unknown_kpi_and_subject_are_not_found(walked: Path) -> None:
    assert signed_in("lea").get("/kpis/K99/").status_code == 404
    assert signed_in("lea").get("/kpis/K1/nobody/").status_code == 404
