"""A plant as a whole: repeatable, within its contract, joined up, and with what was planted."""

from __future__ import annotations

from datetime import datetime
from statistics import mean, median

import pytest

from daytwo.doors.simulator.export.contract import TABLES
from daytwo.doors.simulator.parameters.load import load
from daytwo.doors.simulator.simulate import simulate
from daytwo.kernel.errors import Refused
from tests.doors.simulator.conftest import QUARTER
from tests.doors.simulator.reading import TIMES, lines

SHORT = {"plant": {"years": 0.1}}
SECONDS_OF_CPU = 40


def digests(outcome):
    return {file.name: file.digest for file in outcome.files}


def test_same_seed_gives_the_same_bytes_and_another_differs(tmp_path):
    one = simulate(load(1, figures=SHORT), tmp_path / "a")
    same = simulate(load(1, figures=SHORT), tmp_path / "b")
    other = simulate(load(2, figures=SHORT), tmp_path / "c")
    assert digests(one) == digests(same)
    assert digests(one)["mes/steps.csv"] != digests(other)["mes/steps.csv"]


def test_progress_goes_on_to_its_end(tmp_path):
    seen = []
    simulate(load(1, figures=SHORT), tmp_path, lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == list(range(1, seen[-1][1] + 1))


def test_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "thesis.doc").write_text("x", encoding="utf-8")
    with pytest.raises(Refused, match=r"thesis\.doc"):
        simulate(load(1, figures=SHORT), tmp_path)


HEADERS = {
    "mes/orders.csv": "order_no;batch_no;product;product_name;strength;batch_size;size_unit;mbr;"
    "mbr_version;line;planned_on;planned_start;planned_end;replanned_start;released_to_floor;"
    "first_step_start;last_step_end;packaging_end;aborted;promised_release;status;source_status",
    "mes/steps.csv": "batch_no;step_no;seq;unit_procedure;operation;phase;step_text;kind;"
    "criticality;unit;offered;claimed;paused;resumed;pause_reason;first_input;completed;operator;"
    "team;witnessed;witness;value;value_unit;low;high;capture;outcome;entry_recoreded;"
    "done_on_paper",
    "mes/corrections.csv": "correction_no;batch_no;step_no;at;by;old;new;reason;after_signoff",
    "mes/signatures.csv": "signature_no;batch_no;step_no;signer;role;meaning;signed_at;"
    "automated_step",
    "mes/exceptions.csv": "exception_no;batch_no;step_no;class;code;severity;text;raised;raised_by;"
    "answered;answered_by;answer;closed;deviation_no",
    "mes/genealogy.csv": "booking_no;batch_no;step_no;material;material_name;lot_no;quantity;unit;"
    "booked",
    "mes/yields.csv": "batch_no;stage;theoretical;actual;unit;percent;at",
    "mes/parameters.csv": "batch_no;name;value;unit;at",
    "mes/holds.csv": "hold_no;batch_no;held;reason;by;resumed",
    "mes/reviews.csv": "line_no;batch_no;event;at;by;function;reason;active_minutes;value",
    "mes/equipment.csv": "equipment;name;class;area",
    "mes/equipment_log.csv": "line_no;equipment;event;at;batch_no;by;reason;until",
    "mes/mbr_changes.csv": "line_no;mbr;version;product;change_no;event;round;at;by;reason",
    "mes/usage.csv": "line_no;at;person;role;event;name;batch_no;step_no;text;ref",
    "mes/people.csv": "person;name;role;team;experience_months",
    "lims/samples.csv": "sample_no,subject_kind,subject,stage,plan,taken,taken_by,received,"
    "received_by",
    "lims/results.csv": "result_no,sample_no,subject_kind,subject,stage,test,test_name,unit,low,"
    "high,started,entered,analyst,value,final,reviewer,verdict,supersedes",
    "lims/oos.csv": "oos_no,result_no,sample_no,subject,test,opened,outcome,decided,reason",
    "qms/deviations.csv": "dev_no,batch_no,exception_no,area,process,equipment,occurred,detected,"
    "recorded,triaged,severity,rationale,assigned,owner,title,description,root_cause_approved,"
    "root_cause,category,method,closed,due_first,due_current",
    "qms/due_moves.csv": "line_no,kind,number,moved,by,old,new,reason",
    "qms/capas.csv": "capa_no,dev_no,action,owner,opened,due_first,due_current,closed,"
    "effectiveness_planned,metric,baseline,target,horizon_days,evaluated,verdict",
    "qms/changes.csv": "change_no,title,kind,opened,approved,implemented,closed,mbr,mbr_version",
    "qms/complaints.csv": "complaint_no,batch_no,product,received,category,text,closed",
    "erp/lots.tsv": "lot\tmaterial\tmaterial_name\tsupplier\tsupplier_lot\treceived\treleased\t"
    "expiry\tquantity\tunit\tpotency",
    "erp/shipments.tsv": "shipment\tbatch_no\tunits\tshipped",
    "erp/orders.tsv": "order_no\tproduct\tquantity\tunit\tdue",
    "hr/training.csv": "line_no;person;qualification;subject;at;valid_until",
    "hr/shifts.csv": "line_no;person;team;start;end",
}
"""The contract with whoever maps these files, written out once more."""

DELIMITERS = {"mes": ";", "lims": ",", "qms": ",", "erp": "\t", "hr": ";"}


def test_every_file_has_exactly_its_header(plant):
    written = {file.name for file in plant.outcome.files}
    assert {n for n in written if not n.startswith("historian/")} == {*HEADERS, "answers.json"}
    for name, header in HEADERS.items():
        first = lines(plant.folder, name)[0]
        assert first == header.split(DELIMITERS[name.partition("/")[0]]), name


def test_every_count_is_that_of_the_file(plant):
    for name, counted in plant.answers["counts"].items():
        if name in TABLES:
            rows = lines(plant.folder, name)[1:]
            assert len(rows) == counted["rows"], name
            repeats = len(rows) - len({tuple(row) for row in rows})
            assert repeats == counted["duplicates"], name
            assert len(rows) > 0, name
    assert plant.answers["counts"]["mes/steps.csv"]["duplicates"] > 0


REFERENCES = [
    ("mes/steps.csv", "batch_no", "mes/orders.csv", "batch_no"),
    ("mes/steps.csv", "operator", "mes/people.csv", "person"),
    ("mes/steps.csv", "witness", "mes/people.csv", "person"),
    ("mes/steps.csv", "unit", "mes/equipment.csv", "equipment"),
    ("mes/exceptions.csv", "batch_no", "mes/orders.csv", "batch_no"),
    ("mes/exceptions.csv", "deviation_no", "qms/deviations.csv", "dev_no"),
    ("mes/genealogy.csv", "lot_no", "erp/lots.tsv", "lot"),
    ("mes/genealogy.csv", "batch_no", "mes/orders.csv", "batch_no"),
    ("mes/yields.csv", "batch_no", "mes/orders.csv", "batch_no"),
    ("mes/parameters.csv", "batch_no", "mes/orders.csv", "batch_no"),
    ("mes/holds.csv", "batch_no", "mes/orders.csv", "batch_no"),
    ("mes/reviews.csv", "batch_no", "mes/orders.csv", "batch_no"),
    ("mes/reviews.csv", "by", "mes/people.csv", "person"),
    ("mes/equipment_log.csv", "equipment", "mes/equipment.csv", "equipment"),
    ("mes/equipment_log.csv", "batch_no", "mes/orders.csv", "batch_no"),
    ("mes/mbr_changes.csv", "change_no", "qms/changes.csv", "change_no"),
    ("mes/usage.csv", "ref", "mes/usage.csv", "line_no"),
    ("lims/results.csv", "sample_no", "lims/samples.csv", "sample_no"),
    ("lims/results.csv", "supersedes", "lims/results.csv", "result_no"),
    ("lims/oos.csv", "result_no", "lims/results.csv", "result_no"),
    ("qms/deviations.csv", "batch_no", "mes/orders.csv", "batch_no"),
    ("qms/deviations.csv", "exception_no", "mes/exceptions.csv", "exception_no"),
    ("qms/capas.csv", "dev_no", "qms/deviations.csv", "dev_no"),
    ("qms/complaints.csv", "batch_no", "mes/orders.csv", "batch_no"),
    ("erp/shipments.tsv", "batch_no", "mes/orders.csv", "batch_no"),
    ("erp/orders.tsv", "order_no", "mes/orders.csv", "order_no"),
    ("hr/training.csv", "person", "mes/people.csv", "person"),
    ("hr/shifts.csv", "person", "mes/people.csv", "person"),
]


@pytest.mark.parametrize(("file", "column", "other", "key"), REFERENCES)
def test_reference_is_met(plant, file, column, other, key):
    known = {row[key] for row in plant.tables[other]}
    named = {row[column] for row in plant.tables[file]} - {None}
    assert named <= known
    assert named


def test_steps_are_joined_by_batch_and_number(plant):
    known = {(row["batch_no"], row["step_no"]) for row in plant.tables["mes/steps.csv"]}
    for file in ("mes/corrections.csv", "mes/signatures.csv", "mes/genealogy.csv"):
        named = {(row["batch_no"], row["step_no"]) for row in plant.tables[file]}
        assert named <= known, file
    raised = {(r["batch_no"], r["step_no"]) for r in plant.tables["mes/exceptions.csv"]}
    assert {pair for pair in raised if pair[1]} <= known


def test_keys_are_unique(plant):
    keys = {
        "mes/orders.csv": "batch_no",
        "mes/exceptions.csv": "exception_no",
        "mes/genealogy.csv": "booking_no",
        "mes/signatures.csv": "signature_no",
        "lims/results.csv": "result_no",
        "qms/deviations.csv": "dev_no",
        "qms/capas.csv": "capa_no",
        "erp/lots.tsv": "lot",
    }
    for file, key in keys.items():
        values = [row[key] for row in plant.tables[file]]
        assert len(values) == len(set(values)), file


def test_nothing_is_dated_after_the_period(plant):
    end = datetime(2024, 4, 8)  # noqa: DTZ001 - wall clock
    ahead = {"planned_start", "planned_end", "until", "valid_until", "replanned_start"}
    for name in TABLES:
        for row in plant.tables[name]:
            for column in (TIMES - ahead) & set(row):
                if isinstance(row[column], datetime):
                    assert row[column] <= end, (name, column, row)


def test_unreadable_cells_are_exactly_those_that_are_listed(plant):
    found = set()
    for name, table in TABLES.items():
        header, *rows = lines(plant.folder, name)
        line = 2
        for row in rows:
            found |= {(name, line, c) for c in unreadable(table, row)}
            line += 1 + sum(cell.count("\n") for cell in row)
        assert len(header) == len(table.columns)
    listed = {(d["file"], d["row"], d["field"]) for d in plant.answers["dirt"]}
    assert found == listed
    assert len(listed) >= 8


def unreadable(table, row):
    from tests.doors.simulator.reading import FORMS

    _, _, time, day = FORMS[table.system]
    mark = "," if table.system in {"mes", "hr"} else "."
    for column, cell in zip(table.columns, row, strict=True):
        text = cell.strip()
        if not text:
            if column.name == table.columns[0].name:
                yield column.name
        elif column.kind == "number":
            plain = text.replace(mark, "", 1).removeprefix("-")
            if not (plain.isascii() and plain.isdigit()):
                yield column.name
        elif column.kind in {"time", "plan", "date"}:
            try:
                datetime.strptime(text, day if column.kind == "date" else time)  # noqa: DTZ007
            except ValueError:
                yield column.name


def test_dirt_is_what_real_exports_have(full):
    steps = lines(full.folder, "mes/steps.csv")[1:]
    assert any(cell != "" and not cell.strip() for row in steps for cell in row)
    assert any(cell != cell.rstrip() for row in steps for cell in row if cell.strip())
    texts = [row["description"] for row in full.tables["qms/deviations.csv"]]
    assert any(text.startswith("=cmd|") for text in texts)
    assert any('"' in text for text in texts)
    assert any(";" in text for text in texts)
    assert any(not text.isascii() for text in texts)
    assert any("\n" in text for text in texts)
    assert len(set(texts)) > 0.97 * len(texts)


def test_two_years_take_seconds_and_are_of_the_stated_size(full):
    assert full.seconds < SECONDS_OF_CPU
    assert 270 <= full.answers["kpis"]["batches_started"] <= 330
    assert 9_000 <= full.answers["kpis"]["steps"] <= 14_000
    statuses = {row["status"] for row in full.tables["mes/orders.csv"]}
    assert {"planned", "in_progress", "on_hold", "released", "rejected", "aborted"} <= statuses
    assert full.answers["kpis"]["batches_open"] > 0
    assert full.answers["kpis"]["batches_reworked"] > 0


def test_planted_improvements_show(full):
    at = {entry["id"]: entry for entry in full.answers["improvements"]}
    lines_of = {row["batch_no"]: row["line"] for row in full.tables["mes/orders.csv"]}

    def manual(line, since, until):
        rows = [
            row["capture"] == "MX"
            for row in full.tables["mes/steps.csv"]
            if row["capture"] in {"MX", "I"}
            and lines_of[row["batch_no"]] == line
            and row["done_on_paper"] == "N"
            and since <= row["completed"].isoformat() < until
        ]
        return mean(rows)

    date = at["I1"]["at"][:10]
    assert manual("L1", date, "9") < 0.6 * manual("L1", "0", date)
    assert manual("L2", date, "9") > manual("L2", "0", date)

    date = at["I3"]["at"][:10]
    looked = [
        (row["at"].isoformat() > date, int(row["active_minutes"]))
        for row in full.tables["mes/reviews.csv"]
        if row["event"] == "review_closed" and row["function"] == "quality"
    ]
    before, after = (median(m for late, m in looked if late is side) for side in (False, True))
    assert 0.35 < after / before < 0.65


def test_planted_anomalies_show(full):
    planted = {entry["id"]: entry for entry in full.answers["anomalies"]}
    assert len(planted) == 6

    def series(entry):
        product = [
            row["batch_no"]
            for row in full.tables["mes/orders.csv"]
            if row["product"] == entry["product"]
        ]
        values = {
            row["batch_no"]: float(row["value"].replace(",", "."))
            for row in full.tables["mes/parameters.csv"]
            if row["name"] == entry["parameter"] and row["batch_no"] in product
        }
        onset = list(values).index(entry["onset_batch"])
        return list(values.values()), onset

    values, onset = series(planted["A1"])
    assert mean(values[onset:]) < mean(values[:onset]) - 5
    values, onset = series(planted["A3"])
    assert values[onset] == max(values)
    values, onset = series(planted["A5"])
    assert len(set(values[onset - 1 : onset + 8])) == 1


def test_decay_and_bias_show(full):
    steps = full.tables["mes/steps.csv"]
    half = len(steps) // 2
    late = [
        bool(r["entry_recorded"] and (r["entry_recorded"] - r["completed"]).total_seconds() > 1800)
        for r in steps
        if r["completed"]
    ]
    assert mean(late[half:]) > 1.2 * mean(late[:half])
    truth = full.answers["deviations"]
    reported = sum(d["reported_category"] == "human_error" for d in truth)
    assert reported > 1.3 * sum(d["true_category"] == "human_error" for d in truth)
    assert sum(d["repeat"] for d in truth) > 20
    assert any(c["effective"] for c in full.answers["capas"])
    assert any(not c["effective"] for c in full.answers["capas"])
    assert {e["kind"] for e in full.answers["improvements"]} == {"real", "sham"}


def test_quarter_is_quick(plant):
    assert plant.seconds < 10
    assert plant.answers["meta"]["parameters"]["plant"]["years"] == QUARTER["plant"]["years"]
