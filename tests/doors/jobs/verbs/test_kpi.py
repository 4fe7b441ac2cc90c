"""`daytwo kpi`: one figure, by dimension and span, explained, ranked and written out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from daytwo.doors.jobs.verbs import kpi
from tests.insight.governance.history import told

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run(site: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the verb in this process, over the site of the test."""
    monkeypatch.setattr(kpi, "open_site", lambda data: data)
    told(datetime(2026, 1, 5, tzinfo=UTC), [9.0 + i / 4 for i in range(8)], "W")
    told(datetime(2026, 4, 6, tzinfo=UTC), [4.0, 5.0], "S")

    def call(*words: str, status: int = 0) -> str:
        found = CliRunner().invoke(kpi.verb, words)
        assert found.exit_code == status, found.output or found.exception
        return found.output

    return call


def test_figure_of_a_period(run: Any) -> None:
    found = json.loads(
        run("show", "K1", "--json", "--since", "2026-04-01", "--until", "2026-04-30")
    )
    assert (found["value"], found["n"], found["period"]["since_us"] is not None) == (4.5, 2, True)
    text = run("show", "K1", "--until", "2026-03-31")
    assert "K1 version 1: 9.88 d, n 8" in text
    assert "95 % interval 9 to 10.8 d" in text


def test_by_dimension_and_by_span(run: Any) -> None:
    found = json.loads(run("show", "K1", "--json", "--by", "product", "--site", "main"))
    assert [g["group"] for g in found["groups"]] == [{"product_code": "P"}]
    text = run("show", "K1", "--trend", "month")
    assert "2026-01: 9.88 d, n 8, 9 to 10.8" in text
    assert "2026-02: unknown, n 0" in text


def test_explained_down_to_the_events_of_a_subject(run: Any) -> None:
    found = json.loads(run("explain", "K1", "--json"))
    assert (len(found["rows"]), found["complete"], found["figure"]["n"]) == (10, True, 10)
    text = run("explain", "K1", "--subject", "S-00")
    assert "S-00: 4.000 d" in text
    assert "release.batch.decided" in text


def test_list_names_every_definition(run: Any) -> None:
    assert "K16fda2016   Lot acceptance rate (FDA 2016)" in run("list")


def test_flow_ranks_what_was_waited_for(run: Any) -> None:
    found = json.loads(run("flow", "--json"))["lost"]
    assert [one["cause"] for one in found] == ["unrecorded"]
    assert "lost to unrecorded" in run("flow")


@pytest.mark.parametrize(("format_", "start"), [("json", "{"), ("kpi-ml", "<?xml")])
def test_every_figure_is_written_out(run: Any, tmp_path: Path, format_: str, start: str) -> None:
    out = tmp_path / "kpis"
    run("export", "--out", str(out), "--format", format_, "--product", "P")
    text = out.read_text(encoding="utf-8")
    assert text.startswith(start)
    assert "K16ispe" in text


def test_columns_by_span_are_written_out_whole_or_not_at_all(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "kpis.parquet"
    words = ("export", "--out", str(out), "--format", "parquet", "--json", "--span", "month")
    told = json.loads(run(*words, "--by", "product"))
    found = pq.read_table(out).to_pylist()
    assert told["values"] == len(found)
    (january,) = [r for r in found if (r["kpi"], r["span"]) == ("K1", "2026-01")]
    assert (january["product_code"], january["n"], january["value"]) == ("P", 8, 9.875)
    assert len({row["kpi"] for row in found}) > 20
    before = out.read_bytes()
    refused = run(*words, "--by", "severity", "--by", "test_code", status=2)
    assert "No KPI can be split so" in refused
    nowhere = str(tmp_path / "none" / "kpis")
    for form in ("parquet", "json", "kpi-ml"):
        said = run("export", "--out", nowhere, "--format", form, status=1)
        assert "There is no folder" in said
    assert (out.read_bytes(), list(tmp_path.glob(".*.part"))) == (before, [])


def test_version_and_day_that_cannot_be_are_said(run: Any) -> None:
    for words in (("--version", "9"), ("--since", "soon")):
        found = CliRunner().invoke(kpi.verb, ("show", "K1", *words))
        assert found.exception is not None
