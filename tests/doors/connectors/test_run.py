"""A run of an import: what it made, and the record of what became of every row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors import run as module
from daytwo.doors.connectors.run import run_import
from daytwo.doors.connectors.verb import mapping_file
from daytwo.insight.detection.detectors.individuals import individuals_chart
from daytwo.insight.detection.registry import Observation
from daytwo.insight.facts.queries import series
from daytwo.kernel.errors import ConnectorError
from daytwo.record.ledger.envelope import Actor
from daytwo.record.ledger.queries import import_runs
from daytwo.record.ledger.reading import last_seq, stream_events
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.verify import verify
from tests.doors.connectors.sample import BATCHES, changed, plant

if TYPE_CHECKING:
    from pathlib import Path

IVO = Actor("ivo", "Ivo Kunz", "integrator")
DIRTY = BATCHES + "".join(f"B{n};P1;sometime;9;1,50;99,1;1;2\n" for n in (4, 5))
pytestmark = pytest.mark.usefixtures("site")


def test_run_is_recorded_with_its_reconciliation(reference: Path) -> None:
    found = run_import(mapping_file("tablets"), reference / "tablets", IVO)
    assert (found["read"], found["made"], found["set_aside"]) == (102, 102, [])
    (run,) = import_runs()
    assert (run.read, run.made, run.already, run.by_name) == (102, 102, 0, "Ivo Kunz")
    assert json.loads(run.detail)["kinds"]["batch"] == {"made": 50}


def test_files_that_the_mapping_does_not_ask_for_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "more").mkdir(parents=True)
    plant(folder, other="x")
    (folder / "more" / "notes.txt").write_text("x")
    (folder / ".hidden").write_text("x")
    found = run_import(folder / "mapping.yaml", folder, None)
    assert found["unread"] == ["mapping.yaml", "more/notes.txt", "other.csv"]


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


@pytest.mark.requirement("R42")
def test_set_aside_rows_are_on_record_bounded_and_all_in_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 1)
    found = run_import(plant(tmp_path, DIRTY) / "mapping.yaml", tmp_path, IVO)
    assert [(r["file"], r["row"]) for r in found["set_aside"]] == [
        ("batches.csv", 5),
        ("batches.csv", 6),
    ]
    [run] = stream_events("import/sample")
    assert (run.payload["mapping"], run.payload["system"]) == ("sample v3", "old-mes")
    assert (run.payload["rows_set_aside"], run.payload["made"]) == (2, 5)
    assert run.payload["detail"]["set_aside"] == found["set_aside"][:1]
    assert (run.actor.id, run.origin["kind"]) == ("ivo", "system")


def test_import_that_cannot_begin_leaves_no_trace(tmp_path: Path) -> None:
    before = last_seq()
    wrong = changed("format", to="daytwo/tables/9")
    with pytest.raises(ConnectorError):
        run_import(plant(tmp_path, mapping=wrong) / "mapping.yaml", tmp_path, IVO)
    with pytest.raises(ConnectorError):
        run_import(plant(tmp_path) / "mapping.yaml", tmp_path / "nowhere", IVO)
    assert last_seq() == before
