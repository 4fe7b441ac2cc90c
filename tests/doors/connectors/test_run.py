"""A run of an import: what it made, and the record of what became of every row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors.run import run_import
from daytwo.doors.connectors.verb import mapping_file
from daytwo.insight.detection.detectors.individuals import individuals_chart
from daytwo.insight.detection.registry import Observation
from daytwo.insight.facts.queries import series
from daytwo.record.ledger.envelope import Actor
from daytwo.record.ledger.queries import import_runs
from daytwo.record.ledger.reading import last_seq
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

IVO = Actor("ivo", "Ivo Kunz", "integrator")
pytestmark = pytest.mark.usefixtures("site")


def test_run_is_recorded_with_its_reconciliation(reference: Path) -> None:
    found = run_import(mapping_file("tablets"), reference / "tablets", IVO)
    assert (found["read"], found["made"], found["set_aside"]) == (102, 102, [])
    (run,) = import_runs()
    assert (run.read, run.made, run.already, run.by_name) == (102, 102, 0, "Ivo Kunz")
    assert json.loads(run.detail)["kinds"]["batch"] == {"made": 50}


def test_second_run_doubles_nothing_and_is_recorded_too(site: Path, reference: Path) -> None:
    run_import(mapping_file("tablets"), reference / "tablets", IVO)
    before = last_seq()
    again = run_import(mapping_file("tablets"), reference / "tablets", IVO)
    assert (again["made"], again["already"], again["events"]) == (0, 102, 0)
    assert last_seq() == before + 1
    assert [run.made for run in import_runs()] == [0, 102]
    assert verify(site).ok
    assert compare().equal


def test_rehearsal_writes_nothing(reference: Path) -> None:
    before = last_seq()
    found = run_import(mapping_file("tablets"), reference / "tablets", None)
    assert found["made"] == 102
    assert last_seq() == before
    assert import_runs() == []


def test_dissolution_of_product_3_has_the_published_limits(reference: Path) -> None:
    run_import(mapping_file("tablets"), reference / "tablets", IVO)
    known = json.loads((reference / "spc" / "expected_limits_and_rules.json").read_text())
    expected = known["tablets"]["code3_dissolution_av_I_chart"]
    points = series("3", "dissolution_av")
    chart = individuals_chart([Observation(p.batch_id, p.value) for p in points])
    assert chart.n == expected["n"][0]
    assert chart.centre == pytest.approx(expected["center"][0], rel=1e-9)
    assert chart.sigma == pytest.approx(expected["std_dev"][0], rel=1e-9)
    assert chart.lower == pytest.approx(expected["LCL"][0], rel=1e-9)
    assert chart.upper == pytest.approx(expected["UCL"][0], rel=1e-9)
