"""The documented example reads the published batches whole, and says what is odd about them."""

from __future__ import annotations

import csv
import shutil
from collections import Counter, defaultdict
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.doors.connectors.reconcile import reconcile
from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.tables.reader import open_tables
from daytwo.doors.connectors.tables.run import import_tables
from daytwo.doors.connectors.writer import dry_writer
from daytwo.insight.detection.detectors.individuals import individuals_chart
from daytwo.insight.detection.registry import Observation
from daytwo.record.ledger.envelope import Actor
from daytwo.record.ledger.reading import last_seq

if TYPE_CHECKING:
    from daytwo.doors.connectors.reconcile import Reconciliation

MAPPING = Path(str(files("daytwo") / "examples" / "mappings" / "tablets.yaml"))
NAMES = ("Laboratory.csv", "Process.csv", "Normalization.csv")
LOTS = ("api", "smcc", "lactose", "starch")


@pytest.fixture
def tablets(reference: Path, tmp_path: Path) -> Path:
    """Give a copy of the published files that a test may doctor."""
    for name in NAMES:
        shutil.copyfile(reference / "tablets" / name, tmp_path / name)
    return tmp_path


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def run(folder: Path) -> Reconciliation:
    source = open_tables(load_mapping(MAPPING), folder)
    return reconcile(source.rows(), dry_writer, files=source.files)


def events(folder: Path) -> list[Any]:
    source = open_tables(load_mapping(MAPPING), folder)
    return [e for row in source.rows() for record in row.records for e in record.events]


def named(folder: Path, name: str) -> list[Any]:
    return [event for event in events(folder) if type(event).__name__ == name]


def doctor(folder: Path, row: int, old: str, new: str, name: str = "Laboratory.csv") -> None:
    """Change one line of a file, counted as an editor does; line ends stay as they are."""
    lines = (folder / name).read_bytes().split(b"\r\n")
    assert old.encode() in lines[row - 1]
    lines[row - 1] = lines[row - 1].replace(old.encode(), new.encode(), 1)
    (folder / name).write_bytes(b"\r\n".join(lines))


def test_every_row_is_read_and_none_set_aside(tablets: Path) -> None:
    done = run(tablets)
    assert done.read == done.made == sum(len(read(tablets, name)) for name in NAMES) == 102
    assert (done.already, done.set_aside, done.blanks) == (0, [], 0)


def test_records_are_those_that_an_independent_count_finds(tablets: Path) -> None:
    laboratory, process = read(tablets, "Laboratory.csv"), read(tablets, "Process.csv")
    lots: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in laboratory:
        for material in LOTS:
            code = row["api_code"] if material == "api" else ""
            lots[material].add((code, row[f"{material}_batch"]))
    kept = Counter(name.split("_")[0] for name in laboratory[0] if name.split("_")[0] in LOTS)
    # Of each material's columns one names the lot; of the active ingredient's, one more the code.
    tests = {name: kept[name] - 1 - (name == "api") for name in LOTS}
    measured = [n for n in laboratory[0] if n.startswith(("tbl_", "fct_")) and "yield" not in n]
    final = laboratory[0].keys() - set(measured) - {"batch", "code", "strength", "size", "start"}
    final = {n for n in final if n.split("_")[0] not in LOTS and "yield" not in n}
    compared = [name for name in process[0] if name[0].isupper() and "_" not in name]
    kinds = {kind: sum(counts.values()) for kind, counts in run(tablets).kinds.items()}
    assert kinds == {
        "batch": len({(row["batch"], row["code"]) for row in laboratory}),
        "lot": sum(map(len, lots.values())),
        "consumption": len(laboratory) * len(LOTS),
        "yield": len(laboratory) * 2,
        "result": sum(len(lots[name]) * tests[name] for name in LOTS)
        + len(laboratory) * (len(measured) + len(final)),
        "parameter": len(process) * (len(process[0]) - 2 - len(compared)),
    }
    assert kinds == {
        "batch": 50,
        "lot": 14 + 6 + 7 + 6,
        "consumption": 200,
        "yield": 100,
        "result": 1374,
        "parameter": 1350,
    }


def test_dirt_of_the_source_is_read_as_declared(tablets: Path) -> None:
    batches = {batch.batch_id: batch for batch in named(tablets, "BatchImported")}
    last = batches["3-354"]
    assert (last.started_on, last.started_precision, last.strength) == ("2019-08", "month", "20MG")
    assert str(last.size) == "960000 tab"
    months = Counter(batch.started_on for batch in batches.values())
    assert months == {
        "2018-11": 19,
        "2019-02": 11,
        "2019-04": 8,
        "2019-05": 8,
        "2019-07": 3,
        "2019-08": 1,
    }
    solvent = [
        result.value
        for result in named(tablets, "LaboratoryResultFinal")
        if result.test_code == "residual_solvent"
    ]
    assert solvent == [row["resodual_solvent"] for row in read(tablets, "Laboratory.csv")]


def test_numbers_are_the_digits_of_the_file(tablets: Path) -> None:
    rows = {f"{row['code']}-{row['batch']}": row for row in read(tablets, "Laboratory.csv")}
    results = [r for r in named(tablets, "LaboratoryResultFinal") if r.subject_kind == "batch"]
    assert len(results) == 1200
    for result in results:
        column = result.test_code.replace("residual", "resodual")
        assert result.value == rows[result.subject_id][column]


def test_genealogy_joins_every_batch_to_its_lots(tablets: Path) -> None:
    used = defaultdict(set)
    for link in named(tablets, "MaterialConsumed"):
        used[link.batch_id].add(link.lot_id)
    received = {lot.lot_id for lot in named(tablets, "MaterialLotReceived")}
    for row in read(tablets, "Laboratory.csv"):
        assert used[f"{row['code']}-{row['batch']}"] == {
            f"API{row['api_code']}-{row['api_batch']}",
            f"SMCC-{row['smcc_batch']}",
            f"LACTOSE-{row['lactose_batch']}",
            f"STARCH-{row['starch_batch']}",
        }
    assert set.union(*used.values()) == received


def test_incoming_results_belong_to_the_lot(tablets: Path) -> None:
    incoming = [r for r in named(tablets, "LaboratoryResultFinal") if r.stage == "incoming"]
    assert {r.subject_kind for r in incoming} == {"lot"}
    assert Counter(r.subject_id.split("-")[0].rstrip("15") for r in incoming) == {
        "API": 98,
        "SMCC": 36,
        "LACTOSE": 28,
        "STARCH": 12,
    }


def test_permuted_hardness_is_warned_of_and_not_repaired(tablets: Path) -> None:
    rows = read(tablets, "Laboratory.csv")
    expected = {
        stage: [
            number
            for number, row in enumerate(rows, 2)
            if not Decimal(row[f"{stage}_min_hardness"])
            <= Decimal(row[f"{stage}_av_hardness"])
            <= Decimal(row[f"{stage}_max_hardness"])
        ]
        for stage in ("tbl", "fct")
    }
    warnings = run(tablets).warnings
    for stage, numbers in expected.items():
        found = [w.row for w in warnings if w.field == f"{stage}_min_hardness"]
        assert found == numbers
    assert (len(expected["tbl"]), len(expected["fct"])) == (48, 38)
    assert Counter(warning.field for warning in warnings) == {
        "tbl_min_hardness": 48,
        "fct_min_hardness": 38,
        "impurity_o": 13,
    }


def test_chart_of_imported_dissolution_has_the_published_limits(tablets: Path) -> None:
    chart = individuals_chart(
        [
            Observation(result.subject_id, float(result.value))
            for result in named(tablets, "LaboratoryResultFinal")
            if result.test_code == "dissolution_av" and result.subject_id.startswith("3-")
        ]
    )
    assert chart.centre == pytest.approx(88.134375, abs=1e-9)
    assert chart.sigma == pytest.approx(2.119385343, abs=1e-9)
    assert (chart.lower, chart.upper) == pytest.approx((81.77621897, 94.49253103), abs=1e-8)


def test_dirt_is_set_aside_precisely(tablets: Path) -> None:
    doctor(tablets, 3, ";99.67;", ";        ;")  # a run of blanks: no fault
    doctor(tablets, 4, ";97.33;", ";97,33;")  # an unreadable number
    doctor(tablets, 6, "nov.18", "nob.18")  # an unknown month: the row, and what needs it
    doctor(tablets, 8, ";95.17;", ";951.7;")  # implausible
    doctor(tablets, 9, ";1.53;", ";1.54;")  # a lot that other rows state otherwise
    doctor(tablets, 21, "5MG", "50M")  # not in the value map
    lines = (tablets / "Laboratory.csv").read_bytes().split(b"\r\n")
    lines.insert(12, lines[11])  # a repeated row
    lines.insert(13, lines[11].replace(b";240000;", b";240001;"))  # the same batch, changed
    (tablets / "Laboratory.csv").write_bytes(b"\r\n".join(lines))
    doctor(tablets, 51, ";no;", ";no;;", "Process.csv")  # a cell too many
    done = run(tablets)
    assert [(r.file, r.row, r.field) for r in done.set_aside] == [
        ("Laboratory.csv", 4, "dissolution_av"),
        ("Laboratory.csv", 6, ""),
        ("Laboratory.csv", 8, "dissolution_av"),
        ("Laboratory.csv", 9, "api_water"),
        ("Laboratory.csv", 14, ""),
        ("Laboratory.csv", 23, ""),
        ("Process.csv", 6, ""),
        ("Process.csv", 21, ""),
        ("Process.csv", 51, ""),
    ]
    whys = [remark.why for remark in done.set_aside]
    assert whys[0] == "'97,33' is not a number (is the decimal mark declared right?)"
    assert whys[1].startswith("start 'nob' is not a month: jan, feb")
    assert "outside what is plausible (0 to 130)" in whys[2]
    assert whys[3] == (
        "result lot API5-2 incoming api_water: row 2 of Laboratory.csv says otherwise, and came "
        "first"
    )
    assert whys[4] == "has the key of row 12 (batch 11, code 25) with other content: size"
    assert whys[5] == "strength '50M' is not in the value map (5MG, 10M, 15M, 20M)"
    assert whys[6] == "needs row 6 of Laboratory.csv, which was set aside"
    assert whys[8] == "has 36 cells where the header has 35"
    assert (done.read, done.made, done.already) == (104, 104 - 6 - 1, 1)
    assert (done.rows_set_aside, done.fields_set_aside, done.blanks) == (6, 3, 1)
    assert done.kinds["batch"]["made"] == 48


def test_file_cut_in_half_keeps_its_whole_rows(tablets: Path) -> None:
    path = tablets / "Laboratory.csv"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    whole = data[: len(data) // 2].count(b"\n") - 1
    done = run(tablets)
    assert done.kinds["batch"]["made"] == whole
    assert "the file is cut off here" in done.set_aside[0].why
    assert (done.set_aside[0].file, done.set_aside[0].row) == ("Laboratory.csv", whole + 2)
    orphans = [r for r in done.set_aside if r.file == "Process.csv"]
    assert len(orphans) == 50 - whole
    assert done.accounted


def test_second_run_into_the_record_adds_nothing(site: Path, tablets: Path) -> None:
    ivo = Actor("ivo", "Ivo Kunz", "integrator")
    first = import_tables(MAPPING, tablets, ivo)
    before = last_seq()
    second = import_tables(MAPPING, tablets, ivo)
    assert (first.made, first.already, first.set_aside) == (102, 0, [])
    assert (second.made, second.already, second.set_aside) == (0, 102, [])
    assert last_seq() == before


def test_press_trace_confirms_the_imported_features(reference: Path, tablets: Path) -> None:
    """The publication's features of product 3 follow from its 10-second trace."""
    factors = {
        row["Product code"]: Decimal(row["Normalisation factor"])
        for row in read(tablets, "Normalization.csv")
    }
    speeds: dict[str, list[float]] = defaultdict(list)
    waste: dict[str, float] = defaultdict(float)
    for row in read(reference / "tablets", "press_trace_code3.csv"):
        speed = float(row["tbl_speed"] or 0)
        if speed > 0:
            speeds[row["batch"]].append(speed)
        waste[row["batch"]] = max(waste[row["batch"]], float(row["waste"] or 0))
    imported = {
        (p.batch_id, p.name): float(p.value)
        for p in named(tablets, "ParameterRecorded")
        if p.batch_id.startswith("3-")
        and p.name in {"Press speed, mean while running", "Waste, total, normalised"}
    }
    assert len(imported) == 2 * len(speeds) == 32
    for batch, running in speeds.items():
        mean = sum(running) / len(running)
        assert imported[f"3-{batch}", "Press speed, mean while running"] == pytest.approx(mean)
        total = waste[batch] / float(factors["3"])
        assert imported[f"3-{batch}", "Waste, total, normalised"] == pytest.approx(total)
