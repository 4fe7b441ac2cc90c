"""Exports: dialects, what is visible at the end of the period, dirt, traces."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from daytwo.doors.simulator.export.contract import DIALECTS, TABLES, Table
from daytwo.doors.simulator.export.dialects import cells, written
from daytwo.doors.simulator.export.dirt import DUPLICATES, soil
from daytwo.doors.simulator.export.historian import traces
from daytwo.doors.simulator.export.snapshot import SOURCE_STATUS, snapshot
from daytwo.doors.simulator.export.write import write_file, write_tables
from daytwo.doors.simulator.flow.plant import open_plant
from daytwo.doors.simulator.parameters.load import load
from daytwo.doors.simulator.plant.calendar import DAY, HOUR, WEEK, Calendar
from daytwo.doors.simulator.plant.chance import Chance

CALENDAR = Calendar(date(2024, 1, 8), ZoneInfo("Europe/Zurich"))


def one(name, **row):
    table = TABLES[name]
    texts = cells(table, [row], CALENDAR)[0]
    return dict(zip([c.name for c in table.columns], texts, strict=True))


def test_each_system_writes_its_own_dialect():
    t = 57 * DAY + 14 * HOUR + 610
    assert one("mes/yields.csv", percent="98.25", at=t) | {"x": ""} == {
        "batch_no": "",
        "stage": "",
        "theoretical": "",
        "actual": "",
        "unit": "",
        "percent": "98,25",
        "at": "2024-03-05 14:10:10",
        "x": "",
    }
    assert one("lims/results.csv", value="98.25", final=t)["final"] == "05.03.2024 14:10"
    assert one("lims/results.csv", value="98.25")["value"] == "98.25"
    deviation = one("qms/deviations.csv", closed=t, due_first=t)
    assert (deviation["closed"], deviation["due_first"]) == ("05-MAR-2024 14:10", "05-MAR-2024")
    assert one("erp/shipments.tsv", shipped=t)["shipped"] == "20240305"
    assert one("hr/shifts.csv", start=t)["start"] == "05.03.2024 14:10"


def test_file_is_quoted_and_its_lines_are_known():
    table = TABLES["qms/complaints.csv"]
    rows = [["C1", 'a "b", c', "two\nlines", "", "", "", ""], ["C2", "ü", "", "", "", "", ""]]
    content, lines = written(table.header, rows, DIALECTS["qms"])
    text = content.decode()
    assert lines == [2, 4]
    assert text.split("\n")[1] == 'C1,"a ""b"", c","two'
    assert written(["a"], [["é"]], DIALECTS["mes"])[0] == b"a\r\n\xe9\r\n"
    assert written(["a"], [["x"]], DIALECTS["lims"])[0] == b'\xef\xbb\xbf"a"\r\n"x"\r\n'
    assert written(["a", "b"], [["x", "y;"]], DIALECTS["erp"])[0] == b"a\tb\nx\ty;\n"


def test_header_typo_stands_in_the_file_only():
    table = TABLES["mes/steps.csv"]
    assert isinstance(table, Table)
    assert "entry_recoreded" in table.header
    assert "entry_recorded" in [column.name for column in table.columns]


@pytest.fixture(scope="module")
def site():
    site = open_plant(load(11, figures={"plant": {"years": 0.12}}))
    site.env.run(until=site.end)
    return site


def test_snapshot_shows_what_is_known_by_then(site):
    later = site.end + DAY
    site.add("mes/holds.csv", hold_no="H9", batch_no="F0001", held=site.end - 5, resumed=later)
    site.add("mes/holds.csv", hold_no="H10", batch_no="F0001", held=later)
    shot = snapshot(site)
    holds = {row["hold_no"]: row for row in shot["mes/holds.csv"]}
    assert holds["H9"]["resumed"] is None
    assert "H10" not in holds
    assert all(row["source_status"] in SOURCE_STATUS.values() for row in shot["mes/orders.csv"])
    numbers = [row["line_no"] for row in shot["mes/usage.csv"]]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    blank = [r for r in shot["mes/steps.csv"] if r.get("entry_recorded") is None]
    assert all(row["value"] is None for row in blank)


def test_plans_are_known_ahead(plant):
    orders = plant.tables["mes/orders.csv"]
    assert all(row["planned_start"] and row["planned_end"] for row in orders)
    assert any(row["status"] == "planned" for row in orders)
    dirty = {d["row"] for d in plant.answers["dirt"] if d["file"] == "hr/training.csv"}
    training = [r for r in plant.tables["hr/training.csv"] if r["_line"] not in dirty]
    assert training
    assert all(row["valid_until"] > row["at"] for row in training)
    ahead = [
        row
        for row in plant.tables["mes/equipment_log.csv"]
        if row["event"] in {"cleaning_end", "calibrated"}
    ]
    assert ahead
    assert all(row["until"] > row["at"] for row in ahead)


def test_snapshot_is_not_changed_by_what_comes(site):
    shot = snapshot(site)
    before = {name: cells(TABLES[name], rows, CALENDAR) for name, rows in shot.items()}
    site.env.run(until=site.end + 2 * WEEK)
    after = {name: cells(TABLES[name], rows, CALENDAR) for name, rows in shot.items()}
    assert before == after


def test_dirt_is_put_where_it_is_said(plant):
    kinds = {entry["file"] for entry in plant.answers["dirt"]}
    assert {"mes/parameters.csv", "mes/genealogy.csv", "mes/usage.csv", "hr/training.csv"} <= kinds
    assert {entry["scope"] for entry in plant.answers["dirt"]} == {"row", "field"}
    for entry in plant.answers["dirt"]:
        assert entry["row"] >= 2
        assert entry["why"]


def test_soil_spares_small_plants_and_repeats_exactly():
    texts = {name: [] for name in TABLES}
    columns = len(TABLES["mes/steps.csv"].columns)
    texts["mes/steps.csv"] = [[f"{n}-{c}" for c in range(columns)] for n in range(50)]
    dirt, repeats = soil(texts, Chance(1))
    assert dirt == []
    assert repeats == {"mes/steps.csv": DUPLICATES["mes/steps.csv"], "mes/genealogy.csv": 0}
    rows = [tuple(row) for row in texts["mes/steps.csv"]]
    assert len(rows) - len(set(rows)) == DUPLICATES["mes/steps.csv"]


def test_traces_are_of_each_fifth_batch_and_hold_what_is_planted(full):
    folder = full.folder / "historian"
    files = sorted(folder.iterdir())
    solid = {r["batch_no"] for r in full.tables["mes/orders.csv"] if r["size_unit"] == "tab"}
    assert 0.15 * len(solid) < len(files) < 0.25 * len(solid)
    steps = {
        row["batch_no"]: row
        for row in full.tables["mes/steps.csv"]
        if row["step_text"].startswith("Start compression") and not row["step_no"].endswith("R")
    }
    for path in files[::10]:
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        assert header == "time;tag;value"
        times = sorted({datetime.fromisoformat(row.split(";")[0]) for row in rows})
        assert {later - earlier for earlier, later in itertools.pairwise(times)} == {
            timedelta(minutes=1)
        }
        step = steps[path.stem.rpartition("_")[2]]
        claimed = step["claimed"].replace(tzinfo=CALENDAR.zone)
        assert times[0] == claimed
    kinds = {entry["kind"] for entry in full.answers["historian"]}
    assert kinds == {"frozen", "missing"}
    for entry in full.answers["historian"][:20]:
        rows = (full.folder / entry["file"]).read_text(encoding="utf-8").splitlines()[1:]
        inside = [
            value
            for time, tag, value in (row.split(";") for row in rows)
            if tag.endswith(entry["tag"]) and entry["from"] <= time <= entry["to"]
        ]
        assert len(set(inside)) == 1
        assert (inside[0] == "") == (entry["kind"] == "missing")


def test_traces_of_a_plant_without_solid_batches_are_none(site):
    contents, planted = traces(site)
    assert all(name.startswith("historian/press_L") for name in contents)
    assert len(planted) >= 0


def test_files_are_written_with_their_checksum(tmp_path):
    row = [""] * len(TABLES["mes/holds.csv"].columns)
    seen = []
    files = write_tables(tmp_path, {"mes/holds.csv": [row, row]}, seen.append)
    assert [(f.name, f.rows, f.lines) for f in files] == [("mes/holds.csv", 2, (2, 3))]
    assert seen == ["mes/holds.csv"]
    again = write_file(tmp_path, "x.txt", b"abc", ())
    assert again.digest.startswith("ba7816bf")
    assert again.size == 3
