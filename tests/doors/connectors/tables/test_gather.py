"""Traces: many rows in one event, every row accounted for, the published figures recomputed."""

from __future__ import annotations

import csv
from collections import defaultdict
from statistics import fmean
from typing import TYPE_CHECKING

import pytest
import yaml

from daytwo.doors.connectors.run import run_import
from daytwo.doors.connectors.tables import gather
from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.verb import mapping_file
from daytwo.kernel.errors import ConnectorError
from daytwo.record.ledger.envelope import Actor
from daytwo.record.ledger.reading import events
from daytwo.record.ledger.rebuild import compare

if TYPE_CHECKING:
    from pathlib import Path

    from daytwo.record.ledger.envelope import Recorded

IVO = Actor("ivo", "Ivo Kunz", "integrator")
TRACE = {
    "make": "trace",
    "batch": "{batch}",
    "name": "press",
    "time": "at",
    "columns": ["speed", "waste"],
    "most": 3,
}
pytestmark = pytest.mark.usefixtures("site")


def plant(folder: Path, rows: str, **change: object) -> Path:
    columns = {
        "at": {"type": "date", "format": "YYYY-MM-DD HH:mm:ss", "required": True},
        "batch": {"required": True},
        "speed": {"type": "number", "unit": "min"},
        "waste": {"type": "number"},
    }
    record = {k: v for k, v in (TRACE | change).items() if v is not None}
    file = {
        "name": "press",
        "path": "press.csv",
        "delimiter": ";",
        "encoding": "utf-8",
        "decimal": ",",
        "columns": columns,
        "records": [record],
    }
    data = {
        "format": "daytwo/tables/1",
        "id": "press",
        "version": 1,
        "title": "Press",
        "source": {"system": "historian"},
        "site": "north",
        "time_zone": "UTC",
        "files": [file],
    }
    (folder / "press.csv").write_text(f"at;batch;speed;waste\n{rows}", encoding="utf-8")
    path = folder / "press.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


def row(second: int, batch: str = "B1", speed: str = "1,5", waste: str = "0") -> str:
    return f"2025-01-02 08:00:{second:02};{batch};{speed};{waste}\n"


def traces() -> list[Recorded]:
    return list(events(["batch.trace.recorded"]))


def test_chunk_ends_when_it_is_full_at_another_batch_and_at_the_end(tmp_path: Path) -> None:
    rows = "".join(row(n) for n in range(4)) + row(9, "B2") + row(10, "B2", "", "7,25")
    found = run_import(plant(tmp_path, rows), tmp_path, IVO)
    assert (found["read"], found["made"], found["set_aside"]) == (6, 6, [])
    assert [(e.stream, e.payload["offsets_ms"]) for e in traces()] == [
        ("batch/B1", [0, 1000, 2000]),
        ("batch/B1", [0]),
        ("batch/B2", [0, 1000]),
    ]
    last = traces()[-1]
    assert last.payload["values"] == {"speed": ["1.5", ""], "waste": ["0", "7.25"]}
    assert last.payload["units"] == {"speed": "min"}
    assert last.occurred_text == "2025-01-02T08:00:09.000000Z"
    assert last.origin["ref"]["row"] == 7


def test_broken_rows_are_set_aside_and_the_others_kept(tmp_path: Path) -> None:
    rows = "x;B1;1;1\n" + row(1) + "y;B1;1;1\n" + row(2, speed="fast") + "z;B1;1;1\n"
    found = run_import(plant(tmp_path, rows), tmp_path, IVO)
    assert sorted((r["row"], r["field"]) for r in found["set_aside"]) == [
        (2, ""),
        (4, ""),
        (5, "speed"),
        (6, ""),
    ]
    assert (found["read"], found["made"], found["rows_set_aside"]) == (5, 2, 3)
    (event,) = traces()
    assert event.payload["values"] == {"speed": ["1.5", ""], "waste": ["0", "0"]}


def test_interleaved_traces_are_kept_apart_and_so_many_at_once_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(row(n, batch) for n in range(2) for batch in ("B1", "B2", "B3"))
    found = run_import(plant(tmp_path, rows), tmp_path, IVO)
    assert (found["read"], found["made"]) == (6, 6)
    assert [(e.stream, e.payload["offsets_ms"]) for e in traces()] == [
        (f"batch/B{n}", [0, 1000]) for n in (1, 2, 3)
    ]
    monkeypatch.setattr(gather, "MOST_OPEN", 2)
    again = plant(tmp_path, rows.replace("2025-01-02", "2025-01-03"))
    assert run_import(again, tmp_path, IVO)["made"] == 6
    assert [len(e.payload["offsets_ms"]) for e in traces()[3:]] == [1] * 6


def test_columns_named_in_the_path_come_from_the_file_name(tmp_path: Path) -> None:
    path = plant(tmp_path, "")
    data = yaml.safe_load(path.read_text())
    file = data["files"][0]
    file["path"] = "press_{line}_{batch}.csv"
    file["columns"] |= {"line": {"required": True}}
    file["records"][0]["name"] = "{line}"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    for name in ("press_L1_B7", "press_L2_B8"):
        text = "at;speed;waste\n2025-01-02 08:00:00;1,5;0\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert run_import(path, tmp_path, IVO)["made"] == 2
    assert [(e.stream, e.payload["name"]) for e in traces()] == [
        ("batch/B7", "L1"),
        ("batch/B8", "L2"),
    ]


def test_second_run_makes_nothing_and_a_changed_point_is_told(tmp_path: Path) -> None:
    rows = "".join(row(n) for n in range(5))
    run_import(plant(tmp_path, rows), tmp_path, IVO)
    again = run_import(tmp_path / "press.yaml", tmp_path, IVO)
    assert (again["made"], again["already"], again["events"]) == (0, 5, 0)
    changed = run_import(plant(tmp_path, rows.replace("1,5", "1,6", 1)), tmp_path, IVO)
    assert "other content" in changed["set_aside"][0]["why"]
    assert len(traces()) == 2
    assert compare().equal


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time": "speed"}, "must be a date"),
        ({"columns": ["speed", "wast"]}, "did you mean 'waste'"),
        ({"columns": ["speed"]}, "nothing is made of it"),
        ({"batch": "{speed}"}, "a trace is made of 'speed': make it"),
        ({"most": 0}, "less than the minimum"),
    ],
)
def test_trace_that_cannot_be_meant_is_explained(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    with pytest.raises(ConnectorError) as caught:
        load_mapping(plant(tmp_path, row(1), **change))
    assert said in str(caught.value)


def test_published_figures_follow_from_the_imported_press_trace(reference: Path) -> None:
    folder = reference / "tablets"
    found = run_import(mapping_file("tablets-press"), folder, IVO)
    assert (found["read"], found["made"], found["set_aside"]) == (53057, 53057, [])
    speed, waste = defaultdict(list), defaultdict(list)
    for event in traces():
        values = event.payload["values"]
        speed[event.payload["batch_id"]] += [float(v) for v in values["tbl_speed"] if v]
        waste[event.payload["batch_id"]] += [float(v) for v in values["waste"] if v]
    with (folder / "Process.csv").open(encoding="utf-8") as stream:
        published = {
            f"3-{r['batch']}": r for r in csv.DictReader(stream, delimiter=";") if r["code"] == "3"
        }
    assert len(speed) == 16
    for batch, values in speed.items():
        running = [v for v in values if v > 0]
        assert fmean(running) == pytest.approx(float(published[batch]["tbl_speed_mean"]), rel=1e-9)
        total = float(published[batch]["total_waste"])
        assert max(waste[batch]) / 9.6 == pytest.approx(total, rel=1e-9)


def test_path_that_names_an_unknown_column_is_explained(tmp_path: Path) -> None:
    path = plant(tmp_path, row(1))
    data = yaml.safe_load(path.read_text())
    data["files"][0]["path"] = "press_{line}.csv"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    with pytest.raises(ConnectorError, match="no column 'line'"):
        load_mapping(path)
